import re

from hypothesis import given
from hypothesis import strategies as st

from predictive_scoring.features.naming import slug, slugs


def test_slug_is_plain_ascii() -> None:
    assert slug("Page tarifs/Été") == "page_tarifs_ete"
    assert slug("???") == slug("日本") == slug("") == "value"


@given(st.sets(st.text(max_size=60), max_size=30))
def test_every_value_has_a_safe_name_of_its_own(values: set[str]) -> None:
    names = slugs(values, taken=("value", "any"))
    assert set(names) == values
    assert len(set(names.values()) - {"value", "any"}) == len(values)
    assert all(re.fullmatch(r"[a-z0-9_]{1,60}", name) for name in names.values())


def test_names_do_not_depend_on_the_order_of_values() -> None:
    assert slugs(["A b", "a-b", "a_b"]) == slugs(["a_b", "A b", "a-b"])
