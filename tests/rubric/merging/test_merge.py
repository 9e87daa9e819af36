"""The three-way merge of ladders: what one side changed is taken, what both changed is a conflict."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.rubric.canonical import canonical, plain
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.merging import Merged, merge
from tests.rubric.diff.test_diff_properties import pairs
from tests.strategies import ladders

BASE: dict[str, Any] = {
    "slug": "small",
    "title": "Small",
    "tracks": [{"slug": "ic", "title": "Engineer"}],
    "levels": [
        {
            "slug": "l1",
            "track": "ic",
            "title": "Junior",
            "attributes": [{"title": "Reach", "items": ["team"]}],
        },
        {"slug": "l2", "track": "ic", "title": "Senior"},
    ],
    "competencies": [{"slug": "craft", "title": "Craft"}, {"slug": "team", "title": "Team"}],
    "expectations": [
        {"level": "l1", "competency": "craft", "statements": [{"text": "Ships."}, {"text": "Tests."}]},
        {"level": "l2", "competency": "craft", "statements": [{"text": "Leads."}]},
    ],
    "faqs": [{"slug": "when", "question": "When?", "answer": "In spring.", "about": ["level:l1"]}],
    "translations": [
        {
            "entity": "statement:expectation--l1--craft--statement-2",
            "field": "text",
            "language": "de",
            "text": "Testet.",
        }
    ],
}


def ladder(**changes: object) -> Ladder:
    return Ladder.model_validate(BASE | changes)


def merged(base: Ladder, theirs: Ladder, mine: Ladder, *, removing: bool = False) -> Merged:
    return merge(Index.of(base), Index.of(theirs), Index.of(mine), removing=removing)


def same(one: Ladder, other: Ladder) -> bool:
    return canonical(one) == canonical(other)


def cells(*texts: list[str]) -> list[dict[str, Any]]:
    """Return the expectations of both levels with other statements."""
    return [
        {"level": level, "competency": "craft", "statements": [{"text": text} for text in lines]}
        for level, lines in zip(("l1", "l2"), texts, strict=True)
    ]


@given(pairs)
def test_edits_of_one_side_only_are_taken_exactly(pair: tuple[Ladder, Ladder]) -> None:
    base, edited = pair
    there = merged(base, edited, base, removing=True)
    assert same(there.ladder, edited)
    assert there.conflicts == ()
    here = merged(base, base, edited, removing=True)
    assert same(here.ladder, edited)
    assert here.missing == ()


@given(pairs)
def test_the_same_edits_on_both_sides_are_no_conflict(pair: tuple[Ladder, Ladder]) -> None:
    base, edited = pair
    found = merged(base, edited, edited)
    assert same(found.ladder, edited)
    assert found.conflicts == ()


@given(pairs, ladders())
def test_any_three_ladders_merge(pair: tuple[Ladder, Ladder], other: Ladder) -> None:
    for removing in (False, True):
        found = merged(*pair, other, removing=removing)
        assert same(Ladder.model_validate(plain(found.ladder)), found.ladder)


@given(ladders(), st.data())
def test_edits_of_different_entities_commute(base: Ladder, data: st.DataObject) -> None:
    lists = ["levels", "competencies", "faqs", "tips", "pages", "tracks", "scales"]
    names = data.draw(st.permutations([name for name in lists if getattr(base, name)]))
    half = len(names) // 2

    def edit(chosen: list[str], text: str) -> Ladder:
        content = plain(base)
        for name in chosen:
            first = content[name][0]  # type: ignore[index]  # a list of entities
            first["references"] = [*first.get("references", []), {"title": text, "url": f"/{text}"}]
        return Ladder.model_validate(content)

    one, other = edit(names[:half], "one"), edit(names[half:], "other")
    there, back = merged(base, one, other), merged(base, other, one)
    assert same(there.ladder, back.ladder)
    assert there.conflicts == back.conflicts == ()


def test_what_the_file_lacks_stays_and_is_listed() -> None:
    theirs = ladder(expectations=cells(["Ships."], ["Leads."]), faqs=[], translations=[])
    found = merged(ladder(), theirs, ladder())
    assert same(found.ladder, ladder())
    assert [(one.target, one.pointer) for one in found.missing] == [
        ("statement:expectation--l1--craft--statement-2", "/expectations/0/statements/1"),
        ("faq:when", "/faqs/0"),
        ("ladder:small", "/translations/0"),
    ]
    gone = merged(ladder(), theirs, ladder(), removing=True)
    assert same(gone.ladder, theirs)


def test_a_cell_that_both_changed_keeps_mine_and_is_a_conflict() -> None:
    theirs = ladder(title="Theirs", expectations=cells(["Ships well.", "Tests."], ["Leads."]))
    mine = ladder(title="Mine", expectations=cells(["Ships.", "Tests."], ["Leads two teams."]))
    found = merged(ladder(), theirs, mine)
    assert same(
        found.ladder,
        ladder(title="Mine", expectations=cells(["Ships well.", "Tests."], ["Leads two teams."])),
    )
    assert [(one.reason, one.pointer, one.property, one.theirs, one.mine) for one in found.conflicts] == [
        ("changed", "", "title", "Theirs", "Mine")
    ]


def test_a_rename_on_one_side_meets_edits_on_the_other() -> None:
    levels = [BASE["levels"][0] | {"slug": "l1a", "formerly": ["l1"]}, BASE["levels"][1]]
    renamed = [BASE["expectations"][0] | {"level": "l1a"}, BASE["expectations"][1]]
    mine = ladder(
        levels=levels,
        expectations=renamed,
        faqs=[BASE["faqs"][0] | {"about": ["level:l1a"]}],
        translations=[BASE["translations"][0] | {"entity": "statement:expectation--l1a--craft--statement-2"}],
    )
    added = {"level": "l1", "competency": "team", "statements": [{"text": "Asks."}]}
    theirs = ladder(expectations=[*BASE["expectations"], added])
    expected = mine.model_copy(
        update={
            "expectations": (
                *mine.expectations,
                Ladder.model_validate(BASE | {"expectations": [added | {"level": "l1a"}]}).expectations[0],
            )
        }
    )
    for one, other in ((theirs, mine), (mine, theirs)):
        found = merged(ladder(), one, other)
        assert same(found.ladder, expected)
        assert (found.conflicts, found.missing) == ((), ())


def test_a_translation_stays_with_its_statement_when_lines_come_before_it() -> None:
    theirs = ladder(
        expectations=cells(["Plans.", "Ships.", "Tests."], ["Leads."]),
        translations=[BASE["translations"][0] | {"entity": "statement:expectation--l1--craft--statement-3"}],
    )
    mine = ladder(
        expectations=cells(["Ships.", "Reviews.", "Tests."], ["Leads."]),
        translations=[BASE["translations"][0] | {"entity": "statement:expectation--l1--craft--statement-3"}],
    )
    found = merged(ladder(), theirs, mine).ladder
    assert [one.text for one in found.expectations[0].statements] == [
        "Plans.",
        "Ships.",
        "Reviews.",
        "Tests.",
    ]
    assert found.translations[0].entity == "statement:expectation--l1--craft--statement-4"


def test_an_edit_of_what_the_draft_removed_is_a_conflict() -> None:
    theirs = ladder(faqs=[BASE["faqs"][0] | {"answer": "In autumn."}])
    found = merged(ladder(), theirs, ladder(faqs=[]))
    assert same(found.ladder, ladder(faqs=[]))
    assert [(one.reason, one.pointer) for one in found.conflicts] == [("removed-here", "/faqs/0")]


def test_a_row_removed_in_the_file_and_edited_in_the_draft_is_a_conflict() -> None:
    mine = ladder(faqs=[BASE["faqs"][0] | {"answer": "In autumn."}])
    found = merged(ladder(), ladder(faqs=[]), mine, removing=True)
    assert same(found.ladder, mine)
    assert [(one.reason, one.target) for one in found.conflicts] == [("removed-there", "faq:when")]


def test_known_pairs_decide_before_names_and_texts() -> None:
    theirs = ladder(
        expectations=cells(["Tests.", "Something else entirely."], ["Leads."]),
        translations=[BASE["translations"][0] | {"entity": "statement:expectation--l1--craft--statement-1"}],
    )
    base = Index.of(ladder())
    known = [
        ("/expectations/0/statements/0", "/expectations/0/statements/1"),
        ("/expectations/0/statements/1", "/expectations/0/statements/0"),
    ]
    found = merge(base, Index.of(theirs), base, known=known)
    assert same(found.ladder, theirs)
    assert found.missing == ()
