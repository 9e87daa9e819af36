"""Release notes: a diff in Markdown, for people, which no content can break."""

from collections.abc import Mapping
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rubric.diff import Diff, diff
from app.rubric.diff.release_notes import marked, release_notes
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.markdown import escaped
from tests.rubric.drafts import draft
from tests.scalars import texts
from tests.strategies import ladders

Edits = Mapping[str, object]

_ASKED = "Writes tests for every change."
_NOTES = """\
8 changes: 1 asks more, 1 asks something else, 1 asks less, 3 add or clarify, 2 are editorial.

- Asks more of `l4`
- Asks something else of `l5`
- Levels touched: `l4`, `l5`
- Tracks touched: `ic`
- Minimum step: major

## Asks more

- Added: `expectation:l4--delivery` “Delivers what was promised.”
  - On the day, or says so before.

## Asks something else

- Changed: `expectation:l5--quality` “Writes tests for nothing but risks.”
  - `summary`: Writes tests for ~~every change.~~ **nothing but risks.**

## Asks less

- Removed: `statement:expectation--l5--quality--statement-1` “Reviews all code.”

## New or clearer

- Changed: `level:l4` “Engineer”
  - `years_to`: ~~3~~ **4**
- Removed: `faq:how-long` “How long?”
  - Why: Nobody asked. Read `level:l5` instead.
- Added: `tip:log` “Log”
  - Keep a \\*log\\*.

## Editorial

- Changed: `ladder:acme` “Acme”
  - `removals/0`: **kind: faq; slug: how-long; reason: Nobody asked.; successor: level:l5**
- Renamed and moved: `page:start` “Begin” (was `page:begin`, from place 2 to 1)
"""


def between(before: Edits, after: Edits) -> Diff:
    return diff(Index.of(draft(before)), Index.of(draft(after)))


def page(slug: str, *formerly: str) -> Edits:
    return {"slug": slug, "title": slug.capitalize(), "text": "x", "formerly": list(formerly)}


def test_the_notes_say_what_each_change_means_and_whom_it_touches() -> None:
    before: Edits = {
        "/levels/0/years_to": 3,
        "/expectations/1/summary": _ASKED,
        "/expectations/1/statements": [{"text": "Reviews all code."}],
        "/pages": [page("end"), page("begin")],
    }
    delivery = {"level": "l4", "competency": "delivery", "summary": "Delivers what was promised."}
    after: Edits = {
        "/levels/0/years_to": 4,
        "/expectations/1/summary": "Writes tests for nothing but risks.",
        "/expectations/-": {**delivery, "statements": [{"text": "On the day, or says so before."}]},
        "/faqs": [],
        "/removals": [
            {"kind": "faq", "slug": "how-long", "reason": "Nobody asked.", "successor": "level:l5"}
        ],
        "/tips": [{"slug": "log", "title": "Log", "text": "Keep a *log*."}],
        "/pages": [{**page("start", "begin"), "title": "Begin"}, page("end")],
    }
    assert release_notes(between(before, after)) == _NOTES


def test_the_notes_of_no_change_say_so() -> None:
    assert release_notes(between({}, {})) == "Nothing changed.\n"


def test_a_long_class_is_cut_and_counted() -> None:
    tips = [{"slug": f"t{place}", "title": "T", "text": "T"} for place in range(205)]
    lines = release_notes(between({}, {"/tips": tips})).splitlines()
    assert sum(line.startswith("- Added") for line in lines) == 200
    assert lines[-1] == "- … and 5 more"


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("a b c", "a x c", "a ~~b~~ **x** c"),
        ("a b", "a b c", "a b **c**"),
        ("a b c", "b c", "~~a~~ b c"),
        ("word", "word.", "~~word~~ **word.**"),
        ("a  b", "a b", "a b"),
        ("**a**", "*a*", r"~~\*\*a\*\*~~ **\*a\***"),
        (
            "1 2 3 4 5 6 7 8 9 old a b c d e f g h i j",
            "1 2 3 4 5 6 7 8 9 new a b c d e f g h i j",
            "… 2 3 4 5 6 7 8 9 ~~old~~ **new** a b c d e f g h …",
        ),
        ("x " + "a " * 20 + "y", "X " + "a " * 20 + "Y", f"~~x~~ **X** {'a ' * 8}… {'a ' * 8}~~y~~ **Y**"),
    ],
)
def test_a_text_shows_what_went_and_what_came(before: str, after: str, line: str) -> None:
    assert marked(before, after) == line


def test_content_means_itself_and_stays_on_its_line() -> None:
    text = "# Not a heading\n- nor a list `code` [link](http://x) <b> | a & b ~~x~~ $1$ \\"
    assert escaped(text) == (
        r"\# Not a heading - nor a list \`code\` \[link\](http://x) \<b\> \| a \& b \~\~x\~\~ \$1\$ " "\\\\"
    )


@given(texts)
def test_no_text_leaves_its_line_or_keeps_a_sign_that_means_something(text: str) -> None:
    shown = escaped(text)
    assert len(shown.splitlines()) <= 1
    plain = shown.replace("\\\\", "")
    for sign in "`*_[]<>~|&#":
        assert plain.count(sign) == plain.count(f"\\{sign}")


@given(st.tuples(ladders(), ladders()))
def test_any_diff_has_notes_of_headings_and_bullets_alone(pair: tuple[Ladder, Ladder]) -> None:
    one, other = map(Index.of, pair)
    lines = release_notes(diff(one, other)).splitlines()
    sorts = [key for key, _ in groupby(lines[2:], key=lambda line: line[:2])]
    assert set(sorts) <= {"", "- ", "  ", "##"}
