"""Reading YAML: what plain words mean, which text is kept, and what is refused with which fix."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadRequest
from app.formats.syntax.nodes import Source, plain
from app.formats.syntax.yaml_reader import read_yaml, resolve


def _read(text: str) -> object:
    root, remarks = read_yaml(Source("x.yaml", text))
    assert remarks == []
    return plain(root)


def _refused(text: str) -> list[str]:
    """Return the remarks on a text that can be read."""
    source = Source("x.yaml", text)
    return [source.fault(remark.at, remark.detail).detail for remark in read_yaml(source)[1]]


def _unreadable(text: str) -> str:
    """Return the fault of a text that cannot be read."""
    with pytest.raises(BadRequest) as raised:
        read_yaml(Source("x.yaml", text))
    (fault,) = raised.value.faults
    assert raised.value.detail == fault.detail
    return fault.detail


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *((word, word) for word in ("yes", "No", "on", "OFF", "y", "n", "text", "tRUE", "nil", ".infinity")),
        *(
            (word, word)
            for word in ("2026-03-31", "12:30", "1_000", "0b1", "1.0.0", "+", "-", ".", "1e", "0o8")
        ),
        *((word, None) for word in ("", "~", "null", "Null", "NULL")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        *(("12", 12), ("-7", -7), ("+3", 3), ("0123", 123), ("0o17", 15), ("0xFf", 255)),
        *(("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("-2.5E-1", -0.25)),
        *((".inf", float("inf")), ("-.INF", float("-inf")), ("+.Inf", float("inf"))),
    ],
)
def test_a_plain_scalar_means_what_the_core_schema_of_yaml_1_2_says(written: str, meant: object) -> None:
    assert resolve(written) == meant
    assert type(resolve(written)) is type(meant)


def test_not_a_number_is_a_number() -> None:
    assert str(resolve(".NaN")) == "nan"


def test_quoted_and_block_scalars_are_always_text() -> None:
    assert _read("a: '1'\nb: \"true\"\nc: |-\n  null\nd: >-\n  2\n") == {
        "a": "1",
        "b": "true",
        "c": "null",
        "d": "2",
    }


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("about: [level:l5, facet:x::y]", {"about": ["level:l5", "facet:x::y"]}),
        ("{url: https://example.org/?a=b, n: 1}", {"url": "https://example.org/?a=b", "n": 1}),
        ("{question: Who decides?, answer: a?b}", {"question": "Who decides?", "answer": "a?b"}),
        ('{"a":1, "b":[2]}', {"a": 1, "b": [2]}),
        ("a: why? because: no", None),
        ("time: 12:30:00", {"time": "12:30:00"}),
    ],
)
def test_colons_and_question_marks_within_words_are_text_in_brackets_too(written: str, meant: object) -> None:
    if meant is None:
        assert "put the text in quotes" in _unreadable(written)
    else:
        assert _read(written) == meant


def test_line_breaks_of_other_standards_are_ordinary_characters() -> None:
    text = "one\x85two\u2028three\u2029four \ue000 why? a:b"
    assert _read(f"a: {text}\nb: |-\n  {text}\nc: '{text}'\n# {text}\nd: \"\\N\\L\\P\"\n") == {
        "a": text,
        "b": text,
        "c": text,
        "d": "\x85\u2028\u2029",
    }


def test_windows_and_old_mac_line_ends_are_line_ends() -> None:
    assert _read("a: |\r\n  x\r\n  y\r\nb: 1\r\n") == {"a": "x\ny\n", "b": 1}
    assert _read("a: 1\rb: 2\r") == {"a": 1, "b": 2}


def test_a_place_counts_characters_from_one() -> None:
    root, _ = read_yaml(Source("x.yaml", "\u2028é: 😀\r\nlist:\r\n  - {deep: x}\r\n"))
    assert isinstance(root.value, dict)
    assert str(root.value["\u2028é"].place) == "x.yaml:1:5"
    items = root.value["list"].value
    assert isinstance(items, list)
    assert str(items[0].place) == "x.yaml:3:5"
    assert isinstance(items[0].value, dict)
    assert str(items[0].value["deep"].place) == "x.yaml:3:12"


def test_a_file_of_comments_holds_nothing() -> None:
    assert _read("# later\n") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1", ["x.yaml:1:4: anchors (`&x`) are not read; delete it"]),
        ("a: *x", ["x.yaml:1:4: aliases (`*x`) are not read; write the value out"]),
        ("*x : 1", ["x.yaml:1:1: aliases (`*x`) are not read; write the value out"]),
        (
            "a: !!str 1",
            ["x.yaml:1:4: tags (`tag:yaml.org,2002:str`) are not read; delete it, quotes make text"],
        ),
        ("a: !own [1]", ["x.yaml:1:4: tags (`!own`) are not read; delete it, quotes make text"]),
        ("<<: {a: 1}", ["x.yaml:1:1: merge keys (`<<`) are not read; write the properties out"]),
        ("1: a", ["x.yaml:1:1: the name of a property must be text; put `1` in quotes"]),
        ("true: a", ["x.yaml:1:1: the name of a property must be text; put `true` in quotes"]),
        (
            "[a]: b",
            ["x.yaml:1:1: the name of a property must be text, not a list or mapping; write a name"],
        ),
        ("a: 1\n'a': 2", ["x.yaml:2:1: `a` is written twice, first at x.yaml:1:1; keep one of them"]),
        ("a: 1\n---\nb: 2", ["x.yaml:2:1: a second document begins here; keep one document in a file"]),
        ("%YAML 1.1\n---\na: yes", ["x.yaml:1:1: only YAML 1.2 is read; delete the `%YAML` line"]),
        (
            f"a: {'9' * 5000}",
            ["x.yaml:1:4: a number of over 100 characters; shorten it, or put it in quotes"],
        ),
        (
            "a: &x [*y, {b: 1, b: 2}]",
            [
                "x.yaml:1:4: anchors (`&x`) are not read; delete it",
                "x.yaml:1:8: aliases (`*y`) are not read; write the value out",
                "x.yaml:1:19: `b` is written twice, first at x.yaml:1:13; keep one of them",
            ],
        ),
    ],
)
def test_what_would_mean_something_else_than_it_shows_is_refused(text: str, said: list[str]) -> None:
    assert _refused(text) == said


def test_a_quoted_merge_sign_is_a_name_like_any_other() -> None:
    assert _read("'<<': 1") == {"<<": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a:\n\tb: 1", "x.yaml:2:1: a tab in the indentation; indent with spaces"),
        ("a:\n  - b\n \t- c: |2\n", "x.yaml:3:2: a tab in the indentation; indent with spaces"),
        ("a: @b", "x.yaml:1:4: a plain text cannot begin with `@`; put it in quotes"),
        (
            "a: b: c",
            "x.yaml:1:5: a `: ` in plain text, or wrong indentation; put the text in quotes",
        ),
        (
            "a:\n    b: 1\n  c: 2",
            "x.yaml:3:3: the indentation does not fit the lines above; align it with its siblings",
        ),
        (
            "- a\nb: c",
            "x.yaml:2:1: the indentation does not fit the list above; align it with its items",
        ),
        ("b: 1\na: 'open\n\nmore", "x.yaml:2:4: a quote is never closed; close it"),
        ("a: [b, c", "x.yaml:1:9: brackets are not closed, or a comma is missing; correct it"),
        (
            'a: "\\ud800"',
            "x.yaml:1:7: an escape that is not a character; write the character itself",
        ),
        (
            "a: b\0c",
            'x.yaml:1:5: the control character U+0000 is not allowed in YAML; delete it, or write "\\u0000"',
        ),
        ("[" * 100, "x.yaml:1:34: nested deeper than 32 levels; no ladder needs that: flatten it"),
        ("- " * 100, "x.yaml:1:67: nested deeper than 32 levels; no ladder needs that: flatten it"),
        ("{a: " * 100, "x.yaml:1:130: nested deeper than 32 levels; no ladder needs that: flatten it"),
        ("? " * 100, "x.yaml:1:67: nested deeper than 32 levels; no ladder needs that: flatten it"),
    ],
)
def test_a_syntax_error_is_reported_in_plain_words_with_the_fix(text: str, said: str) -> None:
    assert _unreadable(text) == said


def test_a_bomb_of_aliases_is_refused_without_being_expanded() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    said = _refused(bomb)
    assert len(said) == 25
    assert said[:2] == [
        "x.yaml:1:4: anchors (`&a`) are not read; delete it",
        "x.yaml:2:4: anchors (`&b`) are not read; delete it",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- \n" * 250_001, "x.yaml:250000:2: more than 250,000 values in one file; split it into several"),
        (
            "".join(f"k{number}: 1\n" for number in range(1_001)),
            "x.yaml:1001:1: more than 1,000 properties in one mapping; no ladder has that: use a list",
        ),
    ],
)
def test_a_file_of_absurd_size_is_given_up_on(text: str, said: str) -> None:
    assert _unreadable(text) == said


_PIECES = st.sampled_from(
    [
        *"\t\n\r -:?[]{}&*!|>'\"#%@`,~<.0x1eaé",
        ": ",
        "- ",
        "? ",
        "\n  ",
        "---\n",
        "...\n",
        "<<: ",
        "!!a ",
        "\\u",
    ]
)


@given(st.lists(_PIECES | st.characters(exclude_categories=["Cs"]), max_size=60).map("".join))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    try:
        root, remarks = read_yaml(Source("x.yaml", text))
    except BadRequest as error:
        (fault,) = error.faults
        assert fault.detail.startswith("x.yaml:")
        assert not fault.detail.startswith("x.yaml:0")
    else:
        plain(root)
        assert all(0 <= remark.at <= len(text) for remark in remarks)


def test_a_file_with_every_private_character_of_the_basic_plane_is_read() -> None:
    private = "".join(map(chr, range(0xE000, 0xF900)))
    root, remarks = read_yaml(Source("x.yaml", f'a: "one\x85two {private}"\n'))
    assert (plain(root), remarks) == ({"a": f"one\x85two {private}"}, [])


def test_a_file_with_every_private_character_is_refused_at_the_place_that_needs_one() -> None:
    private = "".join(
        map(chr, (*range(0xE000, 0xF900), *range(0xF0000, 0xFFFFE), *range(0x100000, 0x10FFFE)))
    )
    with pytest.raises(BadRequest) as refusal:
        read_yaml(Source("x.yaml", f'a: "{private}"\nb: "one\x85two"\n'))
    assert refusal.value.detail == (
        "x.yaml:2:8: the file uses every private-use character, so '\\x85' cannot be read here; "
        "delete some of those characters, or write the file as JSON"
    )
