"""The demands of all levels in one place say the same as the demands of each level."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.views.demands import Demand, Demands
from app.rubric.views.level_sets import DemandSets, PlaceDemands
from tests.rubric.small_ladders import small_ladders
from tests.strategies import ladders


@settings(max_examples=300)
@given(st.one_of(small_ladders(), ladders()))
def test_a_place_at_all_levels_says_what_each_level_says(ladder: Ladder) -> None:
    index = Index.of(ladder)
    sets = DemandSets(index, {slug: 1 << place for place, slug in enumerate(index.levels)})
    demands = index.once(Demands)
    for place in demands.places:
        found = sets.of(place)
        for slug, level in index.levels.items():
            assert _at(found, sets.bits[slug]) == _told(demands.cell(level, *place))


def _at(found: PlaceDemands, bit: int) -> tuple[object, ...]:
    lines = [
        (key, held.line.text, held.line.counts_as, held.of_step)
        for key, wordings in found.lines.items()
        for held in wordings
        if held.levels & bit
    ]
    return (
        next((name for name, levels in found.applicability.items() if levels & bit), None),
        next((step for step, levels in found.steps.items() if levels & bit), None),
        sorted(lines),
    )


def _told(cell: Demand) -> tuple[object, ...]:
    lines = [(line.key, line.text, line.counts_as, entry.origin == "step") for entry, line in cell.lines]
    return cell.applicability, cell.step, sorted(lines)


@settings(max_examples=200)
@given(small_ladders())
def test_an_expectation_holds_at_the_levels_that_have_it(ladder: Ladder) -> None:
    index = Index.of(ladder)
    sets = DemandSets(index, {slug: 1 << place for place, slug in enumerate(index.levels)})
    demands = index.once(Demands)
    whole = demands.first_levels_by_expectation(len(index.levels))
    for place in demands.places:
        for slug, levels in sets.of(place).holders.items():
            assert {one for one, bit in sets.bits.items() if bit & levels} == set(whole[slug])
