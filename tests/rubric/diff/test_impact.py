"""The meaning of a change for people: every rule of docs/reference/impact.md, one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pytest

from app.rubric.diff import IMPACTS, RULES, Change, Diff, diff
from app.rubric.index import Index
from tests.docs.pages import rows, text_of
from tests.rubric.drafts import draft

_PAGE: Final = "docs/reference/impact.md"
Edits = Mapping[str, object]

_TEXT: Final = "Writes tests for every change and keeps them fast enough to run."
_CLEARER: Final = "Writes tests for every change and keeps them quick enough to run."
_OTHER: Final = "Leaves the testing to those who know the product best."
_SUMMARY: Final = "/expectations/0/summary"
_L6: Final = {"slug": "l6", "track": "ic", "title": "Staff engineer"}
_DELIVERY: Final = {"level": "l4", "competency": "delivery"}
_OPTIONAL: Final = {"/expectations/0/applicability": "optional"}
_LEAD: Final = {"slug": "lead", "title": "Lead"}
_HEIR: Final = {
    "/tracks/-": _LEAD | {"extends": "ic"},
    "/levels/0/rank": 1,
    "/levels/1/rank": 2,
    "/levels/-": {"slug": "lead-1", "track": "lead", "title": "Lead", "rank": 1},
}
"""A track that inherits: at rank 1 it asks for what `l4` is asked."""
_SKILL: Final = {
    "slug": "skill",
    "title": "Skill",
    "steps": [{"slug": "some", "title": "Some"}, {"slug": "much", "title": "Much"}],
}
_SKILLED: Final = {
    "/scales/-": _SKILL,
    "/competencies/0/scale": "skill",
    "/expectations/0/step": "some",
    "/expectations/1/step": "much",
}
_NOVICE: Final = {"slug": "novice", "title": "Novice"}
_EXPERT: Final = {"slug": "expert", "title": "Expert"}
_MANUAL: Final = {"slug": "manual", "text": _TEXT}
_THRESHOLD: Final = "/tracks/0/thresholds"
_POINTS: Final = {_THRESHOLD: [{"points_from": 10, "title": "Senior"}]}
_HANDBOOK: Final = {"slug": "handbook", "title": "Handbook", "text": _TEXT}


@dataclass(frozen=True)
class Case:
    """An edit of the small ladder, and the entity whose change the rule speaks of."""

    target: str
    after: Edits
    before: Edits = field(default_factory=dict)


def statements(*texts: object) -> Edits:
    return {"/expectations/0/statements": [one if isinstance(one, dict) else {"text": one} for one in texts]}


_STATEMENT: Final = "statement:expectation--l4--quality--statement-1"

CASES: Final[dict[str, Case]] = {
    "demands-more": Case("expectation:l4--delivery", {"/expectations/-": _DELIVERY}),
    "demands-other": Case("expectation:l4--quality", {_SUMMARY: _OTHER}, {_SUMMARY: _TEXT}),
    "demands-less": Case("expectation:l4--delivery", {}, {"/expectations/-": _DELIVERY}),
    "demands-same": Case(
        "expectation:l4--quality", {"/expectations/0/applicability": "not-in-use"}, _OPTIONAL
    ),
    "level-removed": Case("level:l6", {}, {"/levels/-": _L6}),
    "track-removed": Case("track:lead", {}, {"/tracks/-": _LEAD}),
    "years-more": Case("level:l5", {"/levels/1/years_from": 5}, {"/levels/1/years_from": 3}),
    "years-fewer": Case("level:l5", {}, {"/levels/1/years_from": 3}),
    "threshold-higher": Case("track:ic", {_THRESHOLD: [{"points_from": 12, "title": "Senior"}]}, _POINTS),
    "threshold-lower": Case("track:ic", {_THRESHOLD: [{"points_from": 8, "title": "Senior"}]}, _POINTS),
    "threshold-other": Case("track:ic", _POINTS),
    "points-more": Case(
        "step:depth--novice",
        _POINTS | {"/scales/0/steps/0/points": 3},
        _POINTS | {"/scales/0/steps/0/points": 2},
    ),
    "points-fewer": Case(
        "step:depth--novice",
        _POINTS | {"/scales/0/steps/0/points": 1},
        _POINTS | {"/scales/0/steps/0/points": 2},
    ),
    "points-other": Case("step:depth--novice", _POINTS | {"/scales/0/steps/0/points": 1}, _POINTS),
    "points-unused": Case(
        "step:depth--novice", {"/scales/0/steps/0/points": 3}, {"/scales/0/steps/0/points": 2}
    ),
    "text-same-words": Case("level:l4", {"/levels/0/title": "engineer!"}),
    "text-changed": Case("level:l4", {"/levels/0/scope": _OTHER}, {"/levels/0/scope": _TEXT}),
    "content-added": Case("page:handbook", {"/pages": [_HANDBOOK]}),
    "content-removed": Case("page:handbook", {}, {"/pages": [_HANDBOOK]}),
    "renamed": Case("facet:speed", {"/facets/1/slug": "speed", "/facets/1/formerly": ["pace"]}),
    "moved": Case(
        "facet:pace",
        {
            "/facets/0": {"slug": "pace", "competency": "delivery", "title": "Pace"},
            "/facets/1": {"slug": "testing", "competency": "quality", "title": "Testing"},
        },
    ),
    "metadata": Case("level:l4", {"/levels/0/references": [{"title": "Handbook", "url": "/handbook"}]}),
}

MEANINGS: Final[dict[str, tuple[Edits, Edits, str, str]]] = {
    "a required expectation replaces an inherited one": (
        _HEIR,
        {**_HEIR, "/expectations/-": {"level": "lead-1", "competency": "quality", "step": "expert"}},
        "expectation:lead-1--quality",
        "asks-more",
    ),
    "what was optional is required": (_OPTIONAL, {}, "expectation:l4--quality", "asks-more"),
    "what was required is optional": ({}, _OPTIONAL, "expectation:l4--quality", "asks-less"),
    "an optional expectation is added": (
        {},
        {"/expectations/-": _DELIVERY | {"applicability": "optional"}},
        "expectation:l4--delivery",
        "clarifies",
    ),
    "an expectation of a new level is added": (
        {},
        {"/levels/-": _L6, "/expectations/-": _DELIVERY | {"level": "l6"}},
        "expectation:l6--delivery",
        "clarifies",
    ),
    "an expectation goes with its level": (
        {"/levels/-": _L6, "/expectations/-": _DELIVERY | {"level": "l6"}},
        {},
        "expectation:l6--delivery",
        "clarifies",
    ),
    "a higher step": ({}, {"/expectations/0/step": "expert"}, "expectation:l4--quality", "asks-more"),
    "a lower step": ({}, {"/expectations/1/step": "novice"}, "expectation:l5--quality", "asks-less"),
    "a step of another scale": ({"/scales/-": _SKILL}, _SKILLED, "competency:quality", "asks-other"),
    "a step where there was none": (
        {"/expectations/0/step": None},
        {},
        "expectation:l4--quality",
        "asks-more",
    ),
    "no step where there was one": (
        {},
        {"/expectations/0/step": None},
        "expectation:l4--quality",
        "asks-less",
    ),
    "another step that is optional": (
        _OPTIONAL,
        _OPTIONAL | {"/expectations/0/step": "expert"},
        "expectation:l4--quality",
        "clarifies",
    ),
    "an asked text in other case": (
        {_SUMMARY: _TEXT},
        {_SUMMARY: _TEXT.upper()},
        "expectation:l4--quality",
        "editorial",
    ),
    "an asked text in clearer words": (
        {_SUMMARY: _TEXT},
        {_SUMMARY: _CLEARER},
        "expectation:l4--quality",
        "clarifies",
    ),
    "an asked text is added": ({}, {_SUMMARY: _TEXT}, "expectation:l4--quality", "asks-more"),
    "an asked text is removed": ({_SUMMARY: _TEXT}, {}, "expectation:l4--quality", "asks-less"),
    "a statement is added": ({}, statements(_TEXT), _STATEMENT, "asks-more"),
    "a statement of kind task is added": (
        {},
        statements({"text": _TEXT, "kind": "task"}),
        _STATEMENT,
        "asks-more",
    ),
    "a statement of any unlisted kind is added": (
        {},
        statements({"text": _TEXT, "kind": "duty"}),
        _STATEMENT,
        "asks-more",
    ),
    "a statement that points ahead is added": (
        {},
        statements({"text": _TEXT, "kind": "growth"}),
        _STATEMENT,
        "clarifies",
    ),
    "a statement is removed": (statements(_TEXT), {}, _STATEMENT, "asks-less"),
    "a statement moves to another level": (
        statements(_MANUAL),
        {"/expectations/1/statements": [_MANUAL]},
        "statement:manual",
        "asks-other",
    ),
    "a statement becomes core": (
        statements({"text": _TEXT, "kind": "growth"}),
        statements({"text": _TEXT, "kind": "core"}),
        _STATEMENT,
        "asks-more",
    ),
    "a statement is core no longer": (
        statements(_TEXT),
        statements({"text": _TEXT, "kind": "growth"}),
        _STATEMENT,
        "asks-less",
    ),
    "a kind is written that counts the same": (
        statements(_TEXT),
        statements({"text": _TEXT, "kind": "core"}),
        _STATEMENT,
        "clarifies",
    ),
    "a level moves to another track": (
        {"/tracks/-": _LEAD, "/levels/-": _L6},
        {"/tracks/-": _LEAD, "/levels/-": _L6 | {"track": "lead"}},
        "level:l6",
        "clarifies",
    ),
    "a level moves to another rank": ({}, {"/levels/1/rank": 5}, "level:l5", "clarifies"),
    "most years": ({"/levels/1/years_to": 8}, {"/levels/1/years_to": 9}, "level:l5", "clarifies"),
    "a track inherits": (
        _HEIR | {"/tracks/1": _LEAD},
        _HEIR | {"/tracks/1": _LEAD | {"extends": "ic"}},
        "track:lead",
        "asks-more",
    ),
    "a track inherits no longer": (
        _HEIR | {"/tracks/1": _LEAD | {"extends": "ic"}},
        _HEIR | {"/tracks/1": _LEAD},
        "track:lead",
        "asks-less",
    ),
    "a track without levels inherits": (
        {"/tracks/-": _LEAD},
        {"/tracks/-": _LEAD | {"extends": "ic"}},
        "track:lead",
        "clarifies",
    ),
    "levels include those below": (
        statements(_TEXT),
        {**statements(_TEXT), "/cumulative": "yes"},
        "ladder:acme",
        "asks-more",
    ),
    "levels no longer include those below": (
        {**statements(_TEXT), "/cumulative": "yes"},
        {**statements(_TEXT), "/cumulative": "no"},
        "ladder:acme",
        "asks-less",
    ),
    "the ladder says what it left open": ({}, {"/cumulative": "no"}, "ladder:acme", "clarifies"),
    "another scale of which no step is required": (
        {},
        {"/competencies/1/scale": "depth"},
        "competency:delivery",
        "clarifies",
    ),
    "the description of a step that is asked describes another": (
        {"/competencies/0/proficiencies": [{"slug": "good", "step": "novice", "summary": _TEXT}]},
        {"/competencies/0/proficiencies": [{"slug": "good", "step": "expert", "summary": _TEXT}]},
        "proficiency:good",
        "asks-other",
    ),
}
"""Before, after, the entity, and what its change means."""


def between(before: Edits, after: Edits) -> Diff:
    return diff(Index.of(draft(before)), Index.of(draft(after)))


def the_change(found: Diff, target: str) -> Change:
    (change,) = (change for change in found.changes if change.target == target)
    return change


@pytest.mark.parametrize("code", RULES)
def test_each_rule_speaks_of_what_its_page_says(code: str) -> None:
    case = CASES[code]
    change = the_change(between(case.before, case.after), case.target)
    assert (change.rule, change.impact) == (code, RULES[code])


@pytest.mark.parametrize("case", MEANINGS)
def test_a_change_means_what_the_levels_are_asked(case: str) -> None:
    before, after, target, impact = MEANINGS[case]
    assert the_change(between(before, after), target).impact == impact


def test_the_page_lists_every_rule_with_its_class() -> None:
    told = {cells[0].strip(): cells[2].strip() for cells in rows(text_of(_PAGE)) if cells[0].strip() in RULES}
    assert told == dict(RULES)
    codes = [
        cells[0].strip() for cells in rows(text_of(_PAGE)) if len(cells) == 3 and cells[2].strip() in IMPACTS
    ]
    assert codes == list(RULES)


def test_a_cell_counts_with_what_it_takes_the_place_of() -> None:
    """Absent, inherited and not in use are three states of a cell."""
    unused = {"level": "lead-1", "competency": "quality", "applicability": "not-in-use"}
    refused = _HEIR | {"/expectations/-": unused}
    taken, given_back = between(_HEIR, refused), between(refused, _HEIR)
    assert [(change.actions, change.rule) for change in taken.changes] == [(("added",), "demands-less")]
    assert [(change.actions, change.rule) for change in given_back.changes] == [
        (("removed",), "demands-more")
    ]


@pytest.mark.parametrize(
    ("after", "similar", "impact"),
    [
        ("one  two three four five ", "all", "editorial"),
        ("One, two: three — four FIVE!", "all", "editorial"),
        ("one two three four 5", "4 of 5", "clarifies"),
        ("one two three 4 5", "3 of 5", "asks-other"),
        ("one two three four five six", "5 of 5 and 6", "clarifies"),
        ("five four three two one", "1 in order", "asks-other"),
    ],
)
def test_the_class_of_an_asked_text_follows_its_words(after: str, similar: str, impact: str) -> None:
    found = between({_SUMMARY: "one two three four five"}, {_SUMMARY: after})
    assert [change.impact for change in found.changes] == [impact], similar


def test_a_text_of_a_cell_that_is_not_required_is_not_asked() -> None:
    found = between(_OPTIONAL | {_SUMMARY: _TEXT}, _OPTIONAL | {_SUMMARY: _OTHER})
    assert [change.rule for change in found.changes] == ["text-changed"]


def test_the_description_of_a_step_is_asked_where_the_step_is() -> None:
    place = "/competencies/0/proficiencies"
    for step, rule in (("novice", "demands-other"), ("expert", "demands-other")):
        found = between(
            {place: [{"step": step, "summary": _TEXT}]}, {place: [{"step": step, "summary": _OTHER}]}
        )
        assert [change.rule for change in found.changes] == [rule]
    nobody: Edits = {"/expectations/1/step": "novice"}
    one: Edits = {place: [{"step": "expert", "summary": _TEXT}]}
    other: Edits = {place: [{"step": "expert", "summary": _OTHER}]}
    assert [change.rule for change in between({**nobody, **one}, {**nobody, **other}).changes] == [
        "text-changed"
    ]
    one, other = {"/scales/0/steps/1/summary": _TEXT}, {"/scales/0/steps/1/summary": _OTHER}
    assert [change.rule for change in between(one, other).changes] == ["demands-other"]
    assert [change.rule for change in between({**nobody, **one}, {**nobody, **other}).changes] == [
        "text-changed"
    ]


def test_the_weightiest_of_several_counts_and_each_field_says_its_own() -> None:
    found = between({_SUMMARY: _TEXT}, {_SUMMARY: _CLEARER, "/expectations/0/step": "expert"})
    (change,) = found.changes
    assert (change.rule, change.impact, change.bump) == ("demands-more", "asks-more", "major")
    assert [(one.pointer, one.rule, one.impact) for one in change.fields] == [
        ("/step", "demands-more", "asks-more"),
        ("/summary", "text-changed", "clarifies"),
    ]


@pytest.mark.parametrize(
    ("after", "bump"),
    [
        ({}, None),
        ({"/levels/0/references": [{"title": "Handbook", "url": "/h"}]}, "patch"),
        ({"/title": "ACME"}, "patch"),
        ({"/tips": [{"slug": "t", "title": "T", "text": "T"}]}, "minor"),
        ({"/facets/-": {"slug": "new", "competency": "quality", "title": "New"}}, "minor"),
        (_OPTIONAL, "minor"),
        ({"/expectations/0/step": "expert"}, "major"),
        ({"/facets/1/slug": "speed", "/facets/1/formerly": ["pace"]}, "major"),
        ({"/facets": [{"slug": "testing", "competency": "quality", "title": "Testing"}]}, "major"),
        (
            {
                "/tracks/0/slug": "eng",
                "/tracks/0/formerly": ["ic"],
                "/levels/0/track": "eng",
                "/levels/1/track": "eng",
            },
            "patch",
        ),
    ],
)
def test_the_least_honest_bump(after: Edits, bump: str | None) -> None:
    assert between({}, after).least_bump == bump


def touched(before: Edits, after: Edits) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The levels and tracks of all changes."""
    found = between(before, after)
    places = {slug: place for place, slug in enumerate(("l4", "l5", "lead-1", "l6"))}
    levels = {level for change in found.changes for level in change.levels}
    return tuple(sorted(levels, key=places.__getitem__)), found.tracks


def test_a_change_touches_the_levels_it_is_about() -> None:
    """Each sort of entity, by the way that leads from it to levels."""
    example = {"slug": "e", "text": "An example."}
    assert touched({}, {"/levels/0/title": "Dev"}) == (("l4",), ("ic",))
    assert touched({}, {"/expectations/1/summary": _TEXT}) == (("l5",), ("ic",))
    assert touched({}, {"/expectations/1/examples": [example]}) == (("l5",), ("ic",))
    assert touched({}, {"/competencies/0/title": "Care"}) == (("l4", "l5"), ("ic",))
    assert touched({}, {"/competencies/1/title": "Pace"}) == ((), ())
    assert touched({}, {"/scales/0/title": "Depths"}) == (("l4", "l5"), ("ic",))
    assert touched({}, {"/scales/0/steps/1/title": "Master"}) == (("l5",), ("ic",))
    assert touched({}, {"/scales/0/steps": [_EXPERT, _NOVICE]}) == (("l5",), ("ic",))
    assert touched({}, {"/competencies/0/proficiencies": [{"step": "novice"}]}) == (("l4",), ("ic",))
    assert touched({}, {"/faqs/0/answer": "Never."}) == (("l5",), ("ic",))
    assert touched({}, {"/tracks/0/title": "Engineer"}) == ((), ("ic",))
    assert touched({}, _POINTS) == (("l4", "l5"), ("ic",))
    assert touched({}, {"/title": "Zenith"}) == ((), ())
    assert touched(statements(_TEXT), {**statements(_TEXT), "/cumulative": "yes"}) == (("l4", "l5"), ("ic",))
    assert touched({}, {"/cumulative": "no"}) == ((), ())


def test_a_cell_touches_those_who_take_it_over() -> None:
    assert touched(_HEIR, _HEIR | {_SUMMARY: _TEXT}) == (("l4", "lead-1"), ("ic", "lead"))
    own = _HEIR | {"/expectations/-": {"level": "lead-1", "competency": "quality"}}
    assert touched(own, own | {_SUMMARY: _TEXT}) == (("l4",), ("ic",))
    all_below: Edits = {
        "/cumulative": "yes",
        "/expectations/0/competency": "delivery",
        "/expectations/0/step": None,
    }
    assert touched(all_below, {**all_below, _SUMMARY: _TEXT}) == (("l4", "l5"), ("ic",))
    cumulative: Edits = {"/cumulative": "yes"}
    assert touched(cumulative, {**cumulative, _SUMMARY: _TEXT}) == (("l4", "l5"), ("ic",))


def test_a_step_touches_the_levels_whose_highest_step_it_is() -> None:
    beginner = {"/scales/0/steps/0/title": "Beginner"}
    assert touched({"/cumulative": "yes"}, {"/cumulative": "yes"} | beginner) == (("l4",), ("ic",))
    including: Edits = {"/cumulative": "yes", "/scales/0/cumulative": "yes"}
    assert touched(including, {**including, **beginner}) == (("l4", "l5"), ("ic",))


def test_a_competency_that_is_not_in_use_at_a_level_does_not_touch_it() -> None:
    unused = _HEIR | {
        "/expectations/-": {"level": "lead-1", "competency": "quality", "applicability": "not-in-use"}
    }
    assert touched(unused, {**unused, "/competencies/0/title": "Care"}) == (("l4", "l5"), ("ic",))


def test_a_level_that_is_gone_comes_last() -> None:
    assert touched({"/levels/-": _L6}, {"/levels/0/title": "Dev"}) == (("l4", "l6"), ("ic",))
