"""Canonical JSON: one form for equal values however they were made (RFC 8785), and its hash."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from app.rubric.canonical import canonical, content_sha256, encoded, plain
from app.rubric.entities import walk
from app.rubric.ladder import Ladder, Page, Threshold, Track
from app.rubric.shape import written
from app.rubric.text import Value
from tests.strategies import ladders

_ALMOST_EMPTY = b'{"cumulative":"unsaid","language":"en","slug":"a","title":"A"}'


def _constructed(value: Value) -> Value:
    """Return the same value made without validation, every property set."""
    items: dict[str, Any] = {
        name: _constructed_item(getattr(value, name)) for name in type(value).model_fields
    }
    return type(value).model_construct(**items)


def _constructed_item(item: object) -> object:
    if isinstance(item, tuple):
        return tuple(_constructed_item(one) for one in item)
    return _constructed(item) if isinstance(item, Value) else item


def _change(content: dict[str, object], pointer: str, text: str) -> None:
    *way, last = pointer.split("/")[1:]
    held: object = content
    for part in way:
        held = held[int(part)] if isinstance(held, list) else held[part]  # type: ignore[index]
    held[int(last) if isinstance(held, list) else last] = text  # type: ignore[index]


@given(ladders())
def test_equal_values_give_equal_bytes_however_they_were_made(ladder: Ladder) -> None:
    constructed = _constructed(ladder)
    assert isinstance(constructed, Ladder)
    made = (
        constructed,
        Ladder.model_validate(ladder.model_dump()),
        Ladder.model_validate(ladder.model_dump(exclude_unset=True)),
        Ladder.model_validate(ladder.model_dump(exclude_defaults=True)),
        Ladder.model_validate(plain(ladder)),
        Ladder.model_validate_json(ladder.model_dump_json()),
        Ladder.model_validate_json(json.dumps(plain(ladder), indent=2)),
        ladder.model_copy(deep=True),
    )
    assert [one == ladder for one in made] == [True] * len(made)
    assert {canonical(one) for one in made} == {canonical(ladder)}


@given(ladders())
def test_canonical_json_reads_back_as_the_same_ladder(ladder: Ladder) -> None:
    content = canonical(ladder)
    again = Ladder.model_validate_json(content)
    assert again == ladder
    assert canonical(again) == content


@given(ladders(), st.data())
def test_any_changed_text_changes_the_hash(ladder: Ladder, data: st.DataObject) -> None:
    places = [
        (f"{node.pointer}/{text.pointer}", text.text)
        for node in walk(ladder)
        for text in written(node.entity)
    ]
    pointer, text = data.draw(st.sampled_from(places))
    content = plain(ladder)
    _change(content, pointer, f"{text}\u200b")
    changed = Ladder.model_validate(content)
    assert content_sha256(canonical(changed)) != content_sha256(canonical(ladder))


def test_order_is_content() -> None:
    pages = (Page(slug="p", title="P", text=""), Page(slug="q", title="Q", text=""))
    here, there = (Ladder(slug="a", title="A", pages=some) for some in (pages, pages[::-1]))
    assert canonical(here) != canonical(there)


def test_what_is_unset_or_empty_is_left_out_and_meaningful_defaults_are_written() -> None:
    written_out: dict[str, object] = {
        "summary": None,
        "licence": None,
        "tracks": [],
        "formerly": [],
        "translations": [],
    }
    assert canonical(Ladder(slug="a", title="A")) == _ALMOST_EMPTY
    assert canonical(Ladder.model_validate({"slug": "a", "title": "A", **written_out})) == _ALMOST_EMPTY


def test_an_empty_text_is_not_an_unset_one() -> None:
    ladder = Ladder(slug="a", title="A", summary="")
    assert canonical(ladder) == b'{"cumulative":"unsaid","language":"en","slug":"a","summary":"","title":"A"}'


def test_applicability_is_always_written() -> None:
    ladder = Ladder.model_validate(
        {"slug": "a", "title": "A", "expectations": [{"level": "l", "competency": "c"}]}
    )
    assert plain(ladder)["expectations"] == [{"level": "l", "competency": "c", "applicability": "required"}]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (3.0, "3"),
        (5e-324, "5e-324"),
        (-5e-324, "-5e-324"),
        (9007199254740991, "9007199254740991"),
        (-9007199254740991.0, "-9007199254740991"),
        (1424953923781206.2, "1424953923781206.2"),
        (333333333.33333329, "333333333.3333333"),
        (4.50, "4.5"),
        (2e-3, "0.002"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
        (0.000000000000000000000000001, "1e-27"),
        (-0.0000033333333333333333, "-0.0000033333333333333333"),
    ],
)
def test_numbers_are_written_as_rfc_8785_says(number: float, text: str) -> None:
    track = Track(slug="t", title="T", thresholds=(Threshold(points_from=number),))
    content = canonical(Ladder(slug="a", title="A", tracks=(track,)))
    assert f'{{"points_from":{text}}}'.encode() in content


def test_strings_are_written_as_rfc_8785_says() -> None:
    """The string of RFC 8785, section 3.2.2.2, as a title."""
    title = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    content = canonical(Ladder(slug="a", title=title))
    assert '"title":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode() in content


def test_keys_are_sorted_by_utf_16_code_units() -> None:
    """The vector of RFC 8785, section 3.2.3: a character beyond the BMP sorts by its surrogates."""
    keys = ("\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6")
    found = json.loads(rfc8785.dumps(dict.fromkeys(keys, "")))
    assert list(found) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_the_hash_is_sha_256_of_the_bytes() -> None:
    expected = "b02c706bedca2171bb9be5212ebde6ed0c1c4b0ea03f93efee634730cc912fcb"
    assert content_sha256(canonical(Ladder(slug="a", title="A"))) == expected


_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.floats(-1e22, 1e22), st.text()
)
_NAMES = st.one_of(st.text(max_size=5), st.sampled_from(("a", "a-b", "aB", "\u00e9", "\uffff", "\U00010000")))
_TREES = st.recursive(
    _SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_NAMES, inner, max_size=4))
)


@given(st.dictionaries(_NAMES, _TREES, max_size=4))
def test_the_fast_encoder_writes_the_bytes_of_rfc_8785(value: dict[str, Any]) -> None:
    try:
        expected = rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        with pytest.raises(type(error)):
            encoded(value)
    else:
        assert encoded(value) == expected
