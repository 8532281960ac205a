import numpy as np
import pyarrow as pa

from predictive_scoring.model import Vocabulary, encode
from predictive_scoring.records import FeatureColumn, FeatureSpec
from predictive_scoring.training import learn_vocabularies

SPEC = FeatureSpec(
    (
        FeatureColumn("country", "category", "market", "profile"),
        FeatureColumn("size", "number", "fit", "profile"),
    )
)


def learn(country, lead, rare, rows=None):
    features = pa.table({"country": pa.array(country, pa.string()), "size": np.ones(len(country))})
    rows = np.arange(len(country)) if rows is None else np.array(rows)
    leads = np.array(lead, dtype=object)
    return features, learn_vocabularies(features, SPEC, rows, rare, leads)


def test_rare_is_counted_in_leads():
    _, found = learn(["FR", "FR", "FR", "DE", "DE"], ["a", "a", "a", "b", "c"], rare=2)
    assert found == {"country": Vocabulary(("DE",))}


def test_values_in_name_order_and_missing_is_no_value():
    _, found = learn(["b", None, "a", "", "Z"], list("pqrst"), rare=1)
    assert found["country"].values == ("", "Z", "a", "b")


def test_only_training_rows_are_looked_at():
    features, found = learn(["FR", "DE", "IT"], ["a", "b", "c"], rare=1, rows=[0, 1])
    assert found["country"].values == ("DE", "FR")
    assert encode(features, SPEC, found)[:, 0].tolist() == [2.0, 1.0, 0.0]


def test_dictionary_columns_read_like_strings():
    values = pa.array(["x", "y", "x"]).dictionary_encode()
    found = learn_vocabularies(
        pa.table({"country": values, "size": np.ones(3)}),
        SPEC,
        np.arange(3),
        2,
        np.array(["a", "b", "c"], dtype=object),
    )
    assert found["country"].values == ("x",)
