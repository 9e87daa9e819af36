"""Two levels side by side: new, raised, changed, same, lowered, dropped, and the texts word by word."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations
from threading import Barrier
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rubric.canonical import plain
from app.rubric.compare import demand_texts as comparison_texts
from app.rubric.compare.comparison import ComparedCell, Comparison, Side, compare
from app.rubric.compare.counterparts import Counterpart, counterparts
from app.rubric.compare.demand_texts import Sayings
from app.rubric.compare.text_pairs import ComparedText, Run
from app.rubric.entities import expectation_slug
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Ladder
from app.rubric.steps import step_change
from app.rubric.views.demands import Demands
from tests.rubric.views.test_effective import SCALE, asks, ladder
from tests.strategies import ladders

TURNED = {"new": "dropped", "dropped": "new", "raised": "lowered", "lowered": "raised"}


def side(index: Index, level: str) -> Side:
    return Side(Demands(index), index.levels[level])


def between(index: Index, before: str, after: str, other: Index | None = None) -> Comparison:
    return compare(side(index, before), side(other or index, after))


def craft(index: Index, before: str = "g1", after: str = "g2", other: Index | None = None) -> ComparedCell:
    return between(index, before, after, other).cells[0]


def lines(*texts: str, **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any property
    return [{"text": text, **more} for text in texts]


def told(cell: ComparedCell) -> tuple[str, str | None, list[tuple[str, str]]]:
    texts: list[tuple[str, str]] = [(one.change, one.part) for one in cell.texts]
    return cell.change, cell.step, texts


# What becomes of a cell


def test_asked_after_only_is_new_and_before_only_dropped() -> None:
    index = ladder(asks("g2", summary="s", statements=lines("a")))
    assert told(craft(index)) == ("new", None, [("new", "summary"), ("new", "statement")])
    found = craft(index, "g2", "g1")
    assert told(found) == ("dropped", None, [("dropped", "summary"), ("dropped", "statement")])


def test_what_neither_says_anything_of_is_left_out() -> None:
    assert between(ladder(), "g1", "g2").cells == ()


def test_not_in_use_asks_nothing_and_is_not_the_same_as_absent() -> None:
    unused = asks("g2", applicability="not-in-use", statements=lines("a"))
    assert told(craft(ladder(unused, asks("g1", statements=lines("a"))))) == (
        "dropped",
        None,
        [("dropped", "statement")],
    )
    assert told(craft(ladder(unused))) == ("changed", None, [])
    assert told(craft(ladder(unused, asks("g1", applicability="not-in-use")))) == ("same", None, [])


@pytest.mark.parametrize(
    ("before", "after", "change", "step"),
    [
        ({"step": "low"}, {"step": "high"}, "raised", "raised"),
        ({"step": "high"}, {"step": "low"}, "lowered", "lowered"),
        ({"step": "low"}, {"step": "low"}, "same", "same"),
        ({}, {"step": "low"}, "raised", "new"),
        ({"step": "low"}, {}, "lowered", "dropped"),
        ({"step": "low"}, {"step": "odd"}, "changed", "unlike"),
        ({"applicability": "optional"}, {}, "raised", None),
        ({}, {"applicability": "optional"}, "lowered", None),
        ({"step": "low"}, {"step": "high", "applicability": "optional"}, "changed", "raised"),
        ({"step": "low", "summary": "a b"}, {"step": "high", "summary": "c d"}, "raised", "raised"),
        ({"statements": lines("a")}, {"statements": lines("a", "b")}, "raised", None),
        ({"statements": lines("a", "b")}, {"statements": lines("a")}, "lowered", None),
        ({"statements": lines("a")}, {"statements": lines("b")}, "changed", None),
        ({"statements": lines("a b c")}, {"statements": lines("a b d")}, "changed", None),
        ({"statements": lines("a")}, {"statements": lines("a", kind="growth")}, "lowered", None),
        ({"statements": lines("a")}, {"statements": lines("a", kind="task")}, "same", None),
        ({}, {"statements": lines("a", kind="ineffective")}, "same", None),
        ({"statements": lines("a")}, {"statements": lines("a", kind="core")}, "same", None),
        ({"statements": lines("a", "b")}, {"statements": lines("b", "a")}, "same", None),
    ],
)
def test_steps_and_applicability_decide_before_texts(
    before: dict[str, Any], after: dict[str, Any], change: str, step: str | None
) -> None:
    found = craft(ladder(asks("g1", **before), asks("g2", **after)))
    assert (found.change, found.step) == (change, step)


def test_similar_texts_are_compared_word_by_word_and_others_as_removed_and_added() -> None:
    index = ladder(
        asks("g1", summary="Owns a small service", statements=lines("Writes tests", "Fixes simple bugs")),
        asks("g2", summary="Owns a large service", statements=lines("Plans for years", "Fixes odd bugs")),
    )
    summary, plans, fixes, tests = craft(index).texts
    assert summary.words == (
        *(("equal", "Owns a "), ("delete", "small"), ("insert", "large"), ("equal", " service")),
    )
    assert (plans.change, plans.before, plans.words) == ("new", None, ())
    assert (fixes.change, tests.change, tests.after) == ("changed", "dropped", None)
    assert fixes.before is not None and fixes.after is not None  # noqa: PT018 - one thing: it is on both sides
    assert (fixes.before.text, fixes.before.source) == ("Fixes simple bugs", "expectation:g1--craft")
    assert (fixes.after.text, fixes.after.source) == ("Fixes odd bugs", "expectation:g2--craft")


def test_in_a_cumulative_ladder_the_difference_is_what_the_upper_level_adds() -> None:
    rungs = [asks(f"g{n}", summary=f"s{n}", statements=lines(f"x{n}")) for n in (1, 2, 3)]
    found = craft(ladder(*rungs, cumulative="yes"), "g1", "g3")
    assert found.change == "raised"
    assert [(one.change, one.after.text) for one in found.texts if one.after is not None] == [
        *(("new", "s3"), ("new", "s2"), ("same", "s1")),
        *(("new", "x3"), ("new", "x2"), ("same", "x1")),
    ]


def test_two_tracks_are_compared_at_a_rank_with_what_they_inherit() -> None:
    index = ladder(asks("g2", statements=lines("a")), asks("w3", statements=lines("b")))
    assert craft(index, "g2", "w2").change == "same"
    assert between(index, "g3", "w3").counts == {
        **dict.fromkeys(("raised", "changed", "same", "lowered", "dropped"), 0),
        "new": 1,
    }


# Two releases, two ladders


def test_between_releases_renamed_entities_steps_and_statements_are_known() -> None:
    before = ladder(asks("g1", step="low", statements=lines("one two three", slug="a")))
    scale = {**SCALE, "steps": [{"slug": "basic", "title": "B", "formerly": ["low"]}]}
    renamed = [{"slug": "skill", "title": "Skill", "scale": "depth", "formerly": ["craft"]}]
    statement = lines("four five six", slug="b", formerly=["a"])
    after = ladder(
        asks("g1", competency="skill", step="basic", statements=statement),
        competencies=renamed,
        facets=[],
        scales=[scale],
    )
    found = craft(before, "g1", "g1", after)
    assert (found.by, found.step, found.change) == ("identity", "same", "changed")
    assert [one.change for one in found.texts] == ["changed"]


def other_ladder(**parts: Any) -> Index:  # noqa: ANN401 - any part
    content = {"slug": "b", "title": "B", "tracks": [{"slug": "t", "title": "T"}]}
    level = {"slug": "one", "track": "t", "title": "One"}
    return Index.of(Ladder.model_validate(content | {"levels": [level]} | parts))


def matched(before: Index, after: Index) -> list[tuple[str, str, str | None, str | None]]:
    def name(place: tuple[str, str | None] | None) -> str:
        return "-" if place is None else place[1] or place[0]

    found = counterparts(Demands(before), Demands(after))
    return [(name(one.before), name(one.after), one.by, one.match) for one in found]


def aligned(slug: str, match: str, **to: str) -> dict[str, Any]:
    return {"slug": slug, "title": slug.upper(), "alignments": [{"match": match, **to}]}


def test_authors_come_before_slugs_and_slugs_before_titles() -> None:
    ours = ladder(
        competencies=[
            {"slug": "craft", "title": "Craft"},
            {"slug": "care", "title": "Care"},
            aligned("reach", "broader", uri="https://example.org/reach"),
            {"slug": "alone", "title": "Alone"},
        ]
    )
    theirs = other_ladder(
        competencies=[
            {"slug": "heed", "title": "CARE"},
            aligned("impact", "exact", uri="https://example.org/reach"),
            {"slug": "craft", "title": "Other"},
            aligned("make", "close", ladder="a", entity="competency:craft"),
            {"slug": "lonely", "title": "Lonely"},
        ],
        facets=[{"slug": "proofs", "competency": "make", "title": "tests"}],
    )
    assert matched(ours, theirs) == [
        ("care", "heed", "title", None),
        ("reach", "impact", "alignment", "broader"),
        ("-", "craft", None, None),
        ("craft", "make", "alignment", "close"),
        ("tests", "proofs", "title", None),
        ("-", "lonely", None, None),
        ("alone", "-", None, None),
    ]


def test_titles_that_look_the_same_are_matched() -> None:
    ours = ladder(competencies=[{"slug": "one", "title": "Qualit\u00e9 du code"}], facets=[])
    theirs = other_ladder(competencies=[{"slug": "other", "title": "QUALITE\u0301\u00a0 du code"}])
    assert matched(ours, theirs) == [("one", "other", "title", None)]


def test_the_nearest_alignment_counts_and_related_is_no_match() -> None:
    ours = ladder(competencies=[aligned("x", "broader", ladder="b", entity="competency:far")], facets=[])
    near = aligned("near", "exact", ladder="a", entity="competency:x")
    far = {"slug": "far", "title": "Far"}
    assert matched(ours, other_ladder(competencies=[far, near])) == [
        ("-", "far", None, None),
        ("x", "near", "alignment", "exact"),
    ]
    related = ladder(competencies=[aligned("x", "related", ladder="b", entity="competency:far")], facets=[])
    assert matched(related, other_ladder(competencies=[far])) == [
        *(("-", "far", None, None), ("x", "-", None, None)),
    ]


def test_steps_of_two_ladders_compare_where_their_scales_agree() -> None:
    index = ladder()
    (scale,) = index.ladder.scales
    longer = scale.model_copy(
        update={"steps": (*scale.steps, scale.steps[0].model_copy(update={"slug": "top"}))}
    )
    assert step_change((scale, "low"), (scale, "high"), kin=False) == "raised"
    assert step_change((scale, "low"), (longer, "top"), kin=False) == "unlike"
    assert step_change((scale, "low"), (longer, "top"), kin=True) == "raised"
    assert step_change((None, "low"), (None, "low"), kin=False) == "unlike"
    assert step_change((None, "low"), (None, "low"), kin=True) == "same"


# Whatever the ladders


@given(ladders())
def test_every_level_is_the_same_as_itself(generated: Ladder) -> None:
    index, again = Index.of(generated), Index.of(Ladder.model_validate(plain(generated)))
    for level in generated.levels:
        for other in (index, again):
            found = between(index, level.slug, level.slug, other)
            assert {cell.change for cell in found.cells} <= {"same"}
            assert {one.change for cell in found.cells for one in cell.texts} <= {"same"}
            assert {cell.step for cell in found.cells} <= {"same", None}
            assert {cell.by for cell in found.cells} <= {"identity"}


def known(cell: ComparedCell, *, turned: bool) -> tuple[Any, ...]:
    sides = [None if one is None else (one.competency, one.facet) for one in (cell.before, cell.after)]
    changes = [str(cell.change), str(cell.step), *sorted(str(one.change) for one in cell.texts)]
    if turned:
        sides, changes = sides[::-1], [TURNED.get(change, change) for change in changes]
    return *sides, cell.by, changes[0], changes[1], tuple(sorted(changes[2:]))


@given(st.data(), ladders(), ladders())
def test_exchanging_the_two_turns_every_change(data: st.DataObject, one: Ladder, other: Ladder) -> None:
    before, after = Index.of(one), data.draw(st.sampled_from([Index.of(one), Index.of(other)]))
    if not (before.levels and after.levels):
        return
    left = data.draw(st.sampled_from(list(before.levels)))
    right = data.draw(st.sampled_from(list(after.levels)))
    there, back = between(before, left, right, after), between(after, right, left, before)
    assert Counter(known(cell, turned=False) for cell in there.cells) == Counter(
        known(cell, turned=True) for cell in back.cells
    )
    for cell in there.cells:
        for text in cell.texts:
            if text.words:
                assert text.before is not None
                assert text.after is not None
                assert "".join(word for op, word in text.words if op != "insert") == text.before.text
                assert "".join(word for op, word in text.words if op != "delete") == text.after.text


@given(ladders(), ladders(), st.data())
def test_a_cell_of_equal_steps_is_called_by_what_all_its_texts_say(
    one: Ladder, other: Ladder, data: st.DataObject
) -> None:
    """Though that is found without pairing those that are alike."""
    before = Index.of(one)
    after = data.draw(st.sampled_from([before, Index.of(other)]))
    if not (before.levels and after.levels):
        return
    left = data.draw(st.sampled_from(list(before.levels)))
    right = data.draw(st.sampled_from(list(after.levels)))
    found = between(before, left, right, after)
    for cell in found.cells:
        assert len(cell.texts) <= cell.most_texts
        if cell.before is None or cell.after is None or not (cell.before.asked and cell.after.asked):
            continue
        if cell.step in {None, "same"} and cell.before.applicability == cell.after.applicability:
            changes = {text.change for text in cell.texts} - {"same"}
            single = {"new": "raised", "dropped": "lowered", "changed": "changed"}
            expected = single[changes.pop()] if len(changes) == 1 else "changed" if changes else "same"
            assert cell.change == expected


def plodding(cell: ComparedCell) -> tuple[tuple[ComparedText, ...], set[str]]:
    """Return the texts of a cell, and how they differ, as if nothing at its end were known to have stayed."""
    texting = cell.texting
    before, after = [*texting.before, *texting.both], [*texting.after, *texting.both]
    slow = replace(texting, before=before, after=after, both=[])
    return replace(cell, texting=slow).texts, {str(change) for change in slow.differing()}


_FEW: Final = st.lists(st.sampled_from(["a", "b", "Plans the week.", "Plans the whole week."]), max_size=3)


@given(said=st.lists(_FEW, min_size=4, max_size=4), named=st.booleans())
def test_what_stayed_at_the_end_is_what_pairing_would_have_found(
    said: list[list[str]], *, named: bool
) -> None:
    """However often the rungs say the same, and whether their statements have slugs or not."""
    cells = []
    for level, texts in zip(("g1", "g2", "g3", "w2"), said, strict=True):
        slugs = [{"slug": f"{level}-{place}"} if named else {} for place in range(len(texts))]
        statements = [{"text": text, **slug} for text, slug in zip(texts, slugs, strict=True)]
        cells.append(asks(level, summary="".join(texts), statements=statements))
    index = ladder(*cells, cumulative="yes")
    for before, after in permutations(index.levels, 2):
        cell = craft(index, before, after)
        assert (cell.texts, {str(change) for change in cell.texting.differing()}) == plodding(cell)


def test_what_an_upper_level_takes_over_stays_in_one_piece() -> None:
    cells = [asks(f"g{n}", summary=f"s{n}", statements=lines(f"a{n}", f"b{n}")) for n in (1, 2, 3)]
    cell = craft(ladder(*cells, cumulative="yes"), "g1", "g3")
    assert [
        (piece.part, piece.change, [one.source.removeprefix("expectation:") for one in piece.sayings])
        for piece in cell.pieces
        if isinstance(piece, Run)
    ] == [
        ("summary", "new", ["g3--craft", "g2--craft"]),
        ("summary", "same", ["g1--craft"]),
        ("statement", "new", ["g3--craft", "g2--craft"]),
        ("statement", "same", ["g1--craft"]),
    ]
    assert len(cell.pieces) == 4
    assert [(one.change, one.after.text) for one in cell.texts if one.after] == [
        ("new", "s3"),
        ("new", "s2"),
        ("same", "s1"),
        *[("new", text) for text in ("a3", "b3", "a2", "b2")],
        *[("same", text) for text in ("a1", "b1")],
    ]


@given(ladders(), ladders())
def test_every_competency_and_facet_of_both_appears_once(one: Ladder, other: Ladder) -> None:
    before, after = Demands(Index.of(one)), Demands(Index.of(other))
    found: tuple[Counterpart, ...] = counterparts(before, after)
    assert sorted(map(str, before.places)) == sorted(str(pair.before) for pair in found if pair.before)
    assert [pair.after for pair in found if pair.after is not None] == list(after.places)
    assert all((pair.by is None) == (None in {pair.before, pair.after}) for pair in found)


def test_two_threads_that_need_a_text_at_once_share_one(monkeypatch: pytest.MonkeyPatch) -> None:
    index, both = (
        ladder(asks("g1", step="low"), asks("g2", step="high", summary="Draws.")),
        Barrier(2, timeout=10),
    )

    def together(expectation: Expectation) -> str:
        both.wait()
        return expectation_slug(expectation)

    cell = craft(index)
    monkeypatch.setattr(comparison_texts, "expectation_slug", together)
    with ThreadPoolExecutor(2) as threads:
        told = [threads.submit(index.once(Sayings).of, cell.after) for _ in range(2)]
        one, other = (sayings.result()[0] for sayings in told)
    assert one is other
    assert [text.text for text in one.summary] == ["Draws."]
