"""Names of people and machines: cleaned when they come in, and compared by identity."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rubric.people import clean_name, identity_of, same_person


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ada", "ada"),
        ("  Ada\u00a0 Lovelace ", "Ada Lovelace"),
        ("\uff21da", "Ada"),
        ("auth0|5f7c", "auth0|5f7c"),
        ("client:ci", "client:ci"),
        ("x" * 200, "x" * 200),
    ],
)
def test_a_name_is_stored_in_its_plain_form(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u200b",
        "x" * 201,
        "\ufdfa" * 20,  # each becomes 18 characters
        "two\nlines",
        "half \ud800",
        "cli:root",
        "CLI:root",
        " cli: root",
        "cli :root",
        "\uff43\uff4c\uff49\uff1aroot",
        "c\u200bli:root",
    ],
)
def test_a_text_that_is_not_a_name_or_is_reserved_is_refused(text: str) -> None:
    assert clean_name(text) is None


@pytest.mark.parametrize(
    "other", ["ADA  lovelace", "\uff21da Lovelace", "Ada Love\u200blace", " ada lovelace "]
)
def test_case_width_spaces_and_invisible_characters_do_not_tell_people_apart(other: str) -> None:
    assert same_person("Ada Lovelace", other)
    assert not same_person("Ada Lovelace", "Ada Lovelac")


@given(st.text())
def test_cleaning_a_name_keeps_its_identity_and_is_final(text: str) -> None:
    name = clean_name(text)
    if name is not None:
        assert clean_name(name) == name
        assert identity_of(name) == identity_of(text)
        assert identity_of(identity_of(name)) == identity_of(name)
