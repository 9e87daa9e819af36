"""The diff of two ladders: what became what, what moved, and what each change tells."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.rubric.diff import Change, Diff, diff
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.rubric.drafts import draft
from tests.seed.bundles import FIRST, SECOND, ladder_of

Edits = Mapping[str, object]
LETTERS = "abcdefghij"


def between(before: Edits, after: Edits) -> Diff:
    return diff(Index.of(draft(before)), Index.of(draft(after)))


def told(found: Diff) -> list[tuple[str, tuple[str, ...]]]:
    return [(change.target, change.actions) for change in found.changes]


def the_only(found: Diff) -> Change:
    (change,) = found.changes
    return change


def as_json(change: Change) -> dict[str, Any]:
    return change.in_words().model_dump(mode="json", exclude_none=True, exclude_defaults=True)


def texts(*lines: str) -> Edits:
    """Statements of the first expectation, without slugs."""
    return {"/expectations/0/statements": [{"text": line} for line in lines]}


# What one change tells


def test_a_change_tells_all_that_happened_to_its_entity() -> None:
    found = between(
        {
            "/tips": [
                {"slug": "a", "title": "A", "text": "x"},
                {"slug": "log", "title": "Log", "text": "Keep a log."},
            ]
        },
        {
            "/tips": [
                {"slug": "weekly-log", "formerly": ["log"], "title": "Log", "text": "Keep a weekly log."},
                {"slug": "a", "title": "A", "text": "x"},
            ]
        },
    )
    assert as_json(the_only(found)) == {
        "target": "tip:weekly-log",
        "kind": "tip",
        "actions": ["renamed", "moved", "changed"],
        "impact": "clarifies",
        "rule": "text-changed",
        "bump": "minor",
        "title": "Log",
        "was": "tip:log",
        "uuid": str(
            Index.of(draft({"/tips": [{"slug": "log", "title": "L", "text": "x"}]})).of_kind("tip")[0].uuid
        ),
        "moved": {
            "before": {"of": "ladder:acme", "position": 2},
            "after": {"of": "ladder:acme", "position": 1},
        },
        "fields": [
            {
                "pointer": "/slug",
                "before": "log",
                "after": "weekly-log",
                "rule": "renamed",
                "impact": "editorial",
            },
            {
                "pointer": "/text",
                "before": "Keep a log.",
                "after": "Keep a weekly log.",
                "words": [
                    {"op": "equal", "text": "Keep a "},
                    {"op": "insert", "text": "weekly "},
                    {"op": "equal", "text": "log."},
                ],
                "rule": "text-changed",
                "impact": "clarifies",
            },
            {"pointer": "/formerly/0", "after": "log", "rule": "renamed", "impact": "editorial"},
        ],
    }


def test_what_was_added_tells_all_it_holds_and_its_parts_are_not_told_again() -> None:
    asked = {
        "level": "l4",
        "competency": "delivery",
        "statements": [{"text": "Delivers.", "examples": [{"slug": "e", "text": "Did."}]}],
    }
    change = the_only(between({}, {"/expectations/-": asked}))
    assert (change.target, change.actions, change.levels) == ("expectation:l4--delivery", ("added",), ("l4",))
    assert [(one.pointer, one.before, one.after, one.rule) for one in change.fields] == [
        ("/level", None, "l4", None),
        ("/competency", None, "delivery", None),
        ("/applicability", None, "required", None),
        ("/statements", None, asked["statements"], None),
    ]


def test_what_was_removed_tells_the_author_s_reason_and_successor() -> None:
    gone = {"kind": "faq", "slug": "how-long", "reason": "Nobody asked.", "successor": "level:l5"}
    found = between({}, {"/faqs": [], "/removals": [gone]})
    (_, change) = found.changes
    assert (change.actions, change.reason, change.successor) == (("removed",), "Nobody asked.", "level:l5")
    assert [(one.pointer, one.before) for one in change.fields][:2] == [
        ("/slug", "how-long"),
        ("/question", "How long?"),
    ]
    assert told(found) == [("ladder:acme", ("changed",)), ("faq:how-long", ("removed",))]


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/title", "Zenith"),
        ("/summary", "A ladder."),
        ("/language", "de"),
        ("/licence", {"title": "CC0-1.0"}),
        ("/attribution", "By us."),
        ("/cumulative", "no"),
        ("/formerly", ["acme-old"]),
        ("/references", [{"title": "T", "url": "u"}]),
        ("/sources", [{"title": "T"}]),
        ("/alignments", [{"match": "close", "uri": "urn:x"}]),
        ("/external_ids", [{"system": "hr", "id": "7"}]),
        ("/removals", [{"kind": "tip", "slug": "t", "reason": "Old."}]),
        ("/translations", [{"entity": "level:l5", "field": "title", "language": "de", "text": "T"}]),
    ],
)
def test_whatever_the_ladder_itself_says_is_compared(pointer: str, value: object) -> None:
    change = the_only(between({}, {pointer: value}))
    assert (change.target, change.actions) == ("ladder:acme", ("changed",))
    assert [one.pointer.split("/")[1] for one in change.fields] == [pointer[1:]]


def test_items_of_a_list_are_listed_one_by_one() -> None:
    """Check that each added, removed, changed and moved item is reported, not the list as a whole."""
    before = {
        "/levels/0/external_ids": [
            {"system": "a", "id": "1"},
            {"system": "b", "id": "2"},
            {"system": "c", "id": "3"},
        ]
    }
    after = {
        "/levels/0/external_ids": [
            {"system": "c", "id": "3"},
            {"system": "a", "id": "9"},
            {"system": "d", "id": "4"},
        ]
    }
    change = the_only(between(before, after))
    assert [(one.pointer, one.was, one.before, one.after) for one in change.fields] == [
        ("/external_ids/1", None, {"system": "b", "id": "2"}, None),
        ("/external_ids/0", "/external_ids/2", {"system": "c", "id": "3"}, {"system": "c", "id": "3"}),
        ("/external_ids/1/id", None, "1", "9"),
        ("/external_ids/2", None, None, {"system": "d", "id": "4"}),
    ]


# What became what


def test_another_title_under_the_same_slug_is_no_rename() -> None:
    change = the_only(between({}, {"/levels/1/title": "Staff engineer"}))
    assert (change.target, change.actions, change.was) == ("level:l5", ("changed",), None)


def test_what_names_a_renamed_entity_has_not_changed_for_that() -> None:
    """Expectations, guidance, translations and thresholds follow the level's new name."""
    before = {
        "/tracks/0/thresholds": [{"points_from": 1, "level": "l5"}],
        "/translations": [{"entity": "level:l5", "field": "title", "language": "de", "text": "T"}],
        "/faqs/0/alignments": [{"match": "close", "entity": "expectation:l5--quality"}],
    }
    after = {
        "/levels/1/slug": "senior",
        "/levels/1/formerly": ["l5"],
        "/expectations/1/level": "senior",
        "/faqs/0/about": ["level:senior"],
        "/faqs/0/alignments": [{"match": "close", "entity": "expectation:senior--quality"}],
        "/tracks/0/thresholds": [{"points_from": 1, "level": "senior"}],
        "/translations": [{"entity": "level:senior", "field": "title", "language": "de", "text": "T"}],
    }
    found = between(before, after)
    assert told(found) == [("level:senior", ("renamed",))]
    assert (found.levels, found.least_bump) == ((), "major")


def test_a_renamed_scale_and_step_take_what_names_them_along() -> None:
    after = {
        "/scales/0/slug": "reach",
        "/scales/0/formerly": ["depth"],
        "/scales/0/steps/1/slug": "master",
        "/scales/0/steps/1/formerly": ["expert"],
        "/competencies/0/scale": "reach",
        "/expectations/1/step": "master",
    }
    assert told(between({}, after)) == [
        ("scale:reach", ("renamed",)),
        ("step:reach--master", ("renamed",)),
    ]


def test_an_entity_is_found_by_any_of_its_earlier_slugs() -> None:
    """Also where the oldest of them was written later, so that the UUID is another."""
    renamed = {"/facets/1/slug": "speed", "/facets/1/formerly": ["oldest", "pace"]}
    change = the_only(between({}, renamed))
    assert (change.target, change.was, change.actions) == ("facet:speed", "facet:pace", ("renamed",))
    back = the_only(between(renamed, {}))
    assert (back.target, back.was, back.actions) == ("facet:pace", "facet:speed", ("renamed",))


def test_a_slug_that_is_given_to_another_entity_is_removed_and_added() -> None:
    found = between(
        {}, {"/tips": [{"slug": "pace", "title": "Pace", "text": "x"}], "/facets/1/slug": "speed"}
    )
    assert told(found) == [
        ("facet:pace", ("removed",)),
        ("facet:speed", ("added",)),
        ("tip:pace", ("added",)),
    ]


def test_statements_without_slugs_are_known_by_being_alike() -> None:
    before = texts("Writes tests for each change.", "Reviews what others wrote.", "Keeps builds quick.")
    after = texts("Plans.", "Keeps all builds quick.", "Writes tests for each and every change.")
    found = between(before, after)
    assert [(change.target, change.actions, change.was) for change in found.changes] == [
        ("statement:expectation--l4--quality--statement-1", ("added",), None),
        (
            "statement:expectation--l4--quality--statement-2",
            ("moved", "changed"),
            "statement:expectation--l4--quality--statement-3",
        ),
        ("statement:expectation--l4--quality--statement-2", ("removed",), None),
        (
            "statement:expectation--l4--quality--statement-3",
            ("changed",),
            "statement:expectation--l4--quality--statement-1",
        ),
    ]


def test_a_statement_that_is_given_a_slug_stays_the_same_statement() -> None:
    named = {"/expectations/0/statements": [{"slug": "tests", "text": "Writes tests."}]}
    change = the_only(between(texts("Writes tests."), named))
    assert (change.target, change.actions, change.impact) == ("statement:tests", ("changed",), "editorial")


def test_statements_with_different_slugs_are_different_however_alike() -> None:
    one, other = (
        {"/expectations/0/statements": [{"slug": slug, "text": "Writes tests."}]} for slug in ("a", "b")
    )
    assert told(between(one, other)) == [("statement:a", ("removed",)), ("statement:b", ("added",))]


def test_a_proficiency_is_known_by_its_step() -> None:
    place = "/competencies/0/proficiencies"
    found = between(
        {place: [{"step": "novice", "summary": "Learns."}, {"step": "expert", "summary": "Teaches."}]},
        {place: [{"step": "expert", "summary": "Leads."}]},
    )
    assert told(found) == [
        ("proficiency:competency--quality--proficiency-1", ("changed",)),
        ("proficiency:competency--quality--proficiency-1", ("removed",)),
    ]


def test_an_entity_that_went_to_another_owner_has_moved() -> None:
    place = [{"slug": "story", "text": "Once upon a time."}]
    change = the_only(between({"/levels/0/examples": place}, {"/levels/1/examples": place}))
    assert (change.actions, change.impact, change.levels) == (("moved",), "editorial", ("l4", "l5"))
    assert change.moved is not None
    assert (change.moved.before.of, change.moved.after.of) == ("level:l4", "level:l5")


# What moved


def advice(order: str) -> Edits:
    return {"/tips": [{"slug": letter, "title": letter, "text": "x"} for letter in order]}


@pytest.mark.parametrize(
    ("order", "moved"),
    [
        ("bcdefghija", "a"),
        ("jabcdefghi", "j"),
        ("abcdehfgij", "h"),
        ("abcdfeghij", "e"),
        ("fghijabcde", "fghij"),
        ("jihgfedcba", "bcdefghij"),
    ],
)
def test_the_fewest_entities_that_explain_another_order_have_moved(order: str, moved: str) -> None:
    found = between(advice(LETTERS), advice(order))
    assert {change.actions for change in found.changes} == {("moved",)}
    assert len(found.changes) == len(moved)
    left = [letter for letter in order if f"tip:{letter}" not in {change.target for change in found.changes}]
    assert left == sorted(left)


def test_what_comes_or_goes_moves_nothing() -> None:
    assert {change.actions for change in between(advice("abcdef"), advice("xbycdzf")).changes} == {
        ("added",),
        ("removed",),
    }


def test_what_belongs_to_a_level_moves_along_with_it() -> None:
    """The levels stand in another order, and so do their cells; only the level has moved."""
    base = draft({"/expectations/-": {"level": "l5", "competency": "delivery"}})
    swapped = base.model_copy(
        update={"levels": base.levels[::-1], "expectations": (*base.expectations[1:], base.expectations[0])}
    )
    assert told(diff(Index.of(base), Index.of(swapped))) == [("level:l5", ("moved",))]


def test_cells_that_stand_in_another_order_alone_have_moved() -> None:
    base = draft()
    swapped = base.model_copy(update={"expectations": base.expectations[::-1]})
    assert told(diff(Index.of(base), Index.of(swapped))) == [("expectation:l5--quality", ("moved",))]


# The whole


def test_changes_stand_in_the_order_of_kinds_then_addresses() -> None:
    found = diff(Index.of(ladder_of(FIRST)), Index.of(ladder_of(SECOND)))
    assert told(found) == [
        ("ladder:example-engineering", ("changed",)),
        ("competency:deep-technical-expertise", ("changed",)),
        ("expectation:m1--system-design-mastery--performance-optimization", ("changed",)),
        ("example:l4-unreliable-import", ("added",)),
        ("example:l6-technical-leadership-login-strategy", ("added",)),
        ("example:promoting-a-culture-of-collaboration-and-learning-question-hour", ("added",)),
        ("faq:ai-assistants", ("added",)),
        ("faq:changing-teams", ("added",)),
        ("faq:degree-required", ("removed",)),
        ("faq:need-all-of-it", ("changed",)),
        ("faq:years-of-experience", ("changed",)),
        ("tip:read-the-level-first", ("added",)),
        ("tip:write-a-line-a-week", ("renamed",)),
        ("page:calibration", ("changed",)),
    ]
    assert found.model_dump(mode="json", exclude={"changes"}) == {
        "least_bump": "minor",
        "counts": {
            "total_count": 14,
            "by_kind": {
                "ladder": 1,
                "competency": 1,
                "expectation": 1,
                "example": 3,
                "faq": 5,
                "tip": 2,
                "page": 1,
            },
            "by_action": {"added": 6, "removed": 1, "renamed": 1, "moved": 0, "changed": 6},
            "by_impact": {"asks-more": 0, "asks-other": 0, "asks-less": 1, "clarifies": 11, "editorial": 2},
        },
        "levels": [{"level": "m1", "impact": "asks-less"}],
        "tracks": ["individual-contributor", "management"],
    }


def test_statements_of_a_long_list_are_found_again() -> None:
    """A thousand of them, each a little changed and elsewhere: too many to compare each with each."""
    lines = [
        f"Statement {place} about subject {place * 7919 % 10007} and nothing else." for place in range(1000)
    ]
    changed = [line.replace("nothing", "hardly anything") for line in reversed(lines)]
    found = between(texts(*lines), texts(*changed))
    assert found.counts.by_action["added"] == found.counts.by_action["removed"] == 0
    assert found.counts.by_action["changed"] == 1000


def test_ladders_that_share_nothing_but_their_slug_are_compared() -> None:
    other = Ladder.model_validate({"slug": "acme", "title": "Acme"})
    found = diff(Index.of(draft()), Index.of(other))
    assert {change.actions for change in found.changes} == {("removed",)}
    assert found.least_bump == "major"
