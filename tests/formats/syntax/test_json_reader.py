"""Reading JSON: the same values as the standard library gives, with places, and faults with their cure."""

import json
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadRequest
from app.formats.syntax.json_reader import read_json
from app.formats.syntax.nodes import Node, Source, plain

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('aé\n"\\/', max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(value=_JSON, indent=st.sampled_from([None, 0, 2, "\t"]), ascii_only=st.booleans())
def test_every_json_text_means_what_the_standard_library_says(
    value: object, indent: int | str | None, *, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    root, remarks = read_json(Source("x.json", f"\r\n\t {text} \n"))
    assert (plain(root), remarks) == (value, [])


def test_every_value_knows_its_place_and_every_property_that_of_its_name() -> None:
    text = dedent(
        """\
        {
          "a": 1,
          "list": [
            {"deep":   "x"}
          ]
        }"""
    )
    root, _ = read_json(Source("x.json", text))
    items = _members(root)["list"].value
    assert isinstance(items, list)
    deep = _members(items[0])["deep"]
    assert [str(node.place) for node in (root, items[0], deep)] == ["x.json:1:1", "x.json:4:5", "x.json:4:16"]
    assert str(deep.source.place(deep.key_at or 0)) == "x.json:4:6"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1,}', "x.json:1:8: a comma before `}`; delete it"),
        ("[1, ]", "x.json:1:3: a comma before `]`; delete it"),
        (
            "{'a': 1}",
            "x.json:1:2: the name of a property in double quotes is expected here, not `'`; correct the syntax",
        ),
        (
            '{"a" 1}',
            "x.json:1:6: `:` after the name of a property is expected here, not `1`; correct the syntax",
        ),
        ('{"a": 1 "b": 2}', 'x.json:1:9: `,` or `}` is expected here, not `"`; correct the syntax'),
        ('{"a": }', "x.json:1:7: a value is expected here, not `}`; correct the syntax"),
        ('{"a": 1 // one\n}', "x.json:1:9: JSON has no comments; delete it, or write the file as YAML"),
        ('{"a": [1', "x.json:1:9: the file ends where `,` or `]` is expected; add what is missing"),
        (
            '{"a": 1} {}',
            "x.json:1:10: there is text after the end of the JSON value; delete it, or correct the brackets above",
        ),
        ('{"a": "b', "x.json:1:7: a quote is never closed; close it"),
        ('{"a": "b\tc"}', "x.json:1:9: a line end or control character inside quotes; write it as an escape"),
        ('{"a": "\\q"}', "x.json:1:8: an unknown escape; write two backslashes for one"),
        (
            '{"a": "\\u12"}',
            "x.json:1:9: an escape that is not a character; write \\u and four hexadecimal digits",
        ),
        ('{"a": NaN}', "x.json:1:7: `NaN` is not a JSON number; write a finite number"),
        ('{"a": -Infinity}', "x.json:1:7: `-Infinity` is not a JSON number; write a finite number"),
        ('{"a": 01}', "x.json:1:8: `,` or `}` is expected here, not `1`; correct the syntax"),
        (
            f'{{"a": {"9" * 5000}}}',
            "x.json:1:7: a number of over 100 characters; shorten it, or put it in quotes",
        ),
        ("[" * 100_000, "x.json:1:34: nested deeper than 32 levels; no ladder needs that: flatten it"),
        ('{"a":' * 100_000, "x.json:1:166: nested deeper than 32 levels; no ladder needs that: flatten it"),
        (
            "[" + "0," * 250_000 + "0]",
            "x.json:1:500000: more than 250,000 values in one file; split it into several",
        ),
        (
            "{" + ",".join(f'"{number:04}":0' for number in range(1_001)) + "}",
            "x.json:1:9002: more than 1,000 properties in one mapping; no ladder has that: use a list",
        ),
    ],
)
def test_a_syntax_error_is_reported_in_plain_words_with_the_fix(text: str, said: str) -> None:
    with pytest.raises(BadRequest) as raised:
        read_json(Source("x.json", text))
    assert [fault.detail for fault in raised.value.faults] == [said]
    assert raised.value.detail == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1,\n "a": 2}', "x.json:2:2: `a` is written twice, first at x.json:1:2; keep one of them"),
        (
            '["\\ud800"]',
            "x.json:1:2: half a character (the lone surrogate \\ud800); write the whole character",
        ),
        (
            '{"\\udfff": 1}',
            "x.json:1:2: half a character (the lone surrogate \\udfff); write the whole character",
        ),
    ],
)
def test_duplicates_and_half_characters_are_remarked_upon(text: str, said: str) -> None:
    source = Source("x.json", text)
    assert [source.fault(remark.at, remark.detail).detail for remark in read_json(source)[1]] == [said]


def test_two_halves_written_as_escapes_make_one_character() -> None:
    root, remarks = read_json(Source("x.json", '"\\ud83d\\ude00"'))
    assert (root.value, remarks) == ("😀", [])


@given(st.text('{}[]",:\\u0 1e-.tnd\n/', max_size=40))
def test_any_text_is_read_as_the_standard_library_reads_it_or_refused_with_a_place(text: str) -> None:
    source = Source("x.json", text)
    try:
        meant = json.loads(text)
    except ValueError:
        if text.strip(" \n"):
            with pytest.raises(BadRequest, match=r"x\.json:[1-9]"):
                read_json(source)
    else:
        root, remarks = read_json(source)
        assert remarks or plain(root) == meant


def _members(node: Node) -> dict[str, Node]:
    assert isinstance(node.value, dict)
    return node.value
