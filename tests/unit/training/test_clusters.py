import numpy as np

from predictive_scoring.training import clusters


def test_rows_of_an_account_stand_together_and_so_do_those_of_a_lead_without_one(make_table):
    table = make_table(np.arange(5), np.zeros(5), lead=[1, 2, 3, 3, 1], account=[1, 1, -1, -1, 1])
    names = clusters(table)
    assert names.tolist() == ["account a1", "account a1", "lead l3", "lead l3", "account a1"]


def test_an_account_is_never_taken_for_a_lead_of_the_same_name(make_table):
    table = make_table(np.arange(2), np.zeros(2), lead=[1, 2], account=[-1, 1])
    table.lead_id[0] = "a1"
    assert len(set(clusters(table))) == 2
