from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from predictive_scoring.demo import DemoCompany
from predictive_scoring.demo.wording import AWKWARD_COMMENT, AWKWARD_COMPANIES, BY_LANGUAGE


@pytest.fixture(scope="module")
def leads(large: DemoCompany, read: Callable[[Path], pa.Table]) -> pd.DataFrame:
    frame: pd.DataFrame = read(large.file("leads").path).to_pandas()
    return frame[frame["lead_id"].str.fullmatch(r"L\d{7}") & ~frame["lead_id"].duplicated()]


def test_columns_are_the_crms(leads: pd.DataFrame) -> None:
    assert list(leads.columns) == [
        "lead_id", "created_at", "account_id", "country", "language", "owner", "email", "company",
        "job_function", "seniority", "employees", "industry", "source", "gender", "newsletter",
        "nurture_group", "comment", "status",
    ]  # fmt: skip


def test_private_persons_have_neither_account_nor_company(leads: pd.DataFrame) -> None:
    private = leads["account_id"].isna()
    assert private.mean() == pytest.approx(0.08, abs=0.01)
    assert (leads["company"].isna() == private).all()
    assert leads.loc[private, "email"].str.endswith("@mail.example").all()


def test_an_account_has_one_company_country_and_domain(leads: pd.DataFrame) -> None:
    usual = leads[leads["account_id"].notna() & ~leads["company"].isin(AWKWARD_COMPANIES)]
    domain = usual["email"].str.split("@").str[1]
    frame = usual[["account_id", "company", "country"]].assign(domain=domain)
    assert len(frame.drop_duplicates()) == len(set(frame["account_id"])) > 20_000


def test_emails_are_plain_and_in_reserved_domains(leads: pd.DataFrame) -> None:
    assert leads["email"].str.fullmatch(r"[a-z.-]+\d+@[a-z0-9-]*(mail)?\.example").all()


def test_offset_is_that_of_the_country(leads: pd.DataFrame) -> None:
    offset = leads["created_at"].str[-6:]
    assert set(offset[leads["country"] == "JP"]) == {"+09:00"}
    assert set(offset[leads["country"] == "GB"]) == {"+00:00", "+01:00"}
    assert set(offset[leads["country"] == "FR"]) == {"+01:00", "+02:00"}


def test_status_betrays_the_outcome(large: DemoCompany, leads: pd.DataFrame) -> None:
    stages = pd.read_csv(large.file("stages").path)
    sql = leads["lead_id"].isin(stages.loc[stages["stage"] == "sql", "lead_id"])
    qualified = leads["status"] == "qualified"
    assert sql[qualified].all()
    assert qualified[sql].mean() > 0.9


def test_gender_and_comment_say_nothing_of_the_outcome(
    large: DemoCompany, leads: pd.DataFrame
) -> None:
    stages = pd.read_csv(large.file("stages").path)
    sql = leads["lead_id"].isin(stages.loc[stages["stage"] == "sql", "lead_id"]).to_numpy()
    for group in (leads["gender"] == "f", leads["comment"].notna()):
        rows = group.to_numpy()
        gap = sql[rows].mean() - sql[~rows].mean()
        assert abs(gap) < 4 * np.sqrt(sql.var() * (1 / rows.sum() + 1 / (~rows).sum()))


def test_comments_are_varied_text_in_the_leads_language(leads: pd.DataFrame) -> None:
    written = leads[leads["comment"].notna() & (leads["comment"] != AWKWARD_COMMENT)]
    assert written["comment"].nunique() > 8_000
    assert not written["comment"].str.contains("[{}]").any()
    for language, wording in BY_LANGUAGE.items():
        texts = written.loc[written["language"] == language, "comment"]
        assert texts.str.startswith(wording.openings).all()
        assert len(texts) > 10


def test_awkward_text_is_there_and_survives(leads: pd.DataFrame) -> None:
    # A private person among these rows has no company.
    assert len(set(AWKWARD_COMPANIES) & set(leads["company"])) >= len(AWKWARD_COMPANIES) - 2
    assert (leads["comment"] == AWKWARD_COMMENT).sum() == 1
