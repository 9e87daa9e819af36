"""The matrix: each cell in short, the same as what is in force there."""

import time
from typing import Any

from hypothesis import given

from app.rubric.entities import expectation_slug
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Ladder
from app.rubric.steps import step_title
from app.rubric.views.demands import Demand, Demands
from app.rubric.views.matrix import Matrix, MatrixCell
from tests.rubric.views.test_effective import asks, ladder
from tests.strategies import framework_ladders, ladders


def matrix(index: Index) -> Matrix:
    return Matrix(Demands(index))


def counted(cell: Demand) -> tuple[Any, ...]:
    """Return the values of a cell of the matrix, computed from its effective expectations."""
    lines = [line for _, line in cell.lines if line.statement is not None]
    statements = [line.statement for line in lines if line.statement is not None]
    nearest = cell.entries[0].source if cell.entries else None
    summaries = [entry.summary for entry in cell.entries if entry.summary]
    if cell.state == "not-in-use" and nearest is not None:
        summaries = [nearest.summary] if nearest.summary else []
    asked = cell.entries if cell.state != "not-in-use" else ()
    return (
        *(cell.state, cell.applicability, cell.step),
        summaries[0] if summaries else None,
        len(statements),
        sum(len(entry.examples) for entry in asked) + sum(len(one.examples) for one in statements),
        expectation_slug(nearest) if isinstance(nearest, Expectation) else None,
    )


def told_in_lines(cell: Demand) -> tuple[tuple[str, ...], int, int]:
    """Return the lines that stand for a summary, the number of lines after them, and the number of parts."""
    asked = cell.entries if cell.asked else ()
    parts = sum(len(entry.statements) or 1 for entry in asked)
    if any(entry.summary for entry in cell.entries) or not asked:
        return (), 0, parts
    wanted = [line.text for _, line in cell.lines if line.counts_as != "unwanted"]
    return tuple(wanted[:3]), len(wanted[3:]), parts


def shown(cell: MatrixCell) -> tuple[Any, ...]:
    return (
        *(cell.state, cell.applicability, cell.step),
        *(cell.summary, cell.statements, cell.examples, cell.expectation),
    )


def test_a_row_tells_state_step_texts_and_counts() -> None:
    example = {"text": "e"}
    index = ladder(
        asks("g1", step="high", summary="first", statements=[{"text": "a", "examples": [example]}]),
        asks("g2", step="low", statements=[{"text": "b"}], examples=[example, example]),
        asks("w2", applicability="optional"),
        asks("w3", applicability="not-in-use", summary="why", statements=[{"text": "c"}]),
        cumulative="yes",
    )
    whole = matrix(index)
    assert [level.slug for level in whole.columns] == ["g1", "g2", "g3", "w2", "w3"]
    g1 = "own", "required", "high", "first", 1, 1, "g1--craft"
    g2 = "own", "required", "high", "first", 2, 3, "g2--craft"
    g3 = "inherited", "required", "high", "first", 2, 3, "g2--craft"
    w2 = "overridden", "optional", "high", "first", 1, 1, "w2--craft"
    w3 = "not-in-use", "not-in-use", None, "why", 0, 0, "w3--craft"
    cells = whole.row(("craft", None), whole.columns)
    assert [shown(cell) for cell in cells] == [g1, g2, g3, w2, w3]
    assert {cell.step_title for cell in cells if cell.step == "high"} == {"H"}
    (absent,) = whole.row(("craft", "tests"), whole.columns[:1])
    assert shown(absent) == ("absent", None, None, None, 0, 0, None)
    assert (absent.level, absent.competency, absent.facet) == ("g1", "craft", "tests")


def test_the_cells_come_in_the_order_asked_for() -> None:
    whole = matrix(ladder(asks("g1"), asks("w3"), cumulative="yes"))
    back = whole.columns[::-1]
    assert [cell.level for cell in whole.row(("craft", None), back)] == [level.slug for level in back]
    assert whole.row(("craft", None), ()) == ()


def test_a_step_is_called_what_the_facet_then_the_competency_then_the_scale_says() -> None:
    deep = {"step": "high", "title": "Deep"}
    plain: Any = [{"slug": "craft", "title": "Craft", "scale": "depth"}]
    named: Any = [{**plain[0], "proficiencies": [{"step": "high"}, deep]}]
    facet = {"slug": "tests", "competency": "craft", "title": "Tests"}
    own: Any = [{**facet, "proficiencies": [{"step": "high", "title": "Own"}]}]
    other = {"slug": "other", "title": "O", "steps": [{"slug": "high", "title": "Other"}]}

    def title(facet: str | None = "tests", step: str = "high", **parts: Any) -> str | None:  # noqa: ANN401 - any part
        return step_title(ladder(**parts), "craft", facet, step)

    assert title(competencies=named, facets=own) == "Own"
    assert title(None, competencies=named, facets=own) == "Deep"
    assert title(competencies=named) == "Deep"
    assert title(competencies=plain) == "H"
    assert title(None, "low", competencies=named) == "L"
    depth = {"slug": "depth", "title": "D", "steps": []}
    assert title(competencies=named, facets=[{**facet, "scale": "other"}], scales=[depth, other]) == "Other"
    assert title(None, "none") is None


def test_monzo_and_catalogues_without_levels_have_a_matrix() -> None:
    shapes = {name: matrix(Index.of(found)) for name, found in framework_ladders().items()}
    monzo = shapes["monzo"]
    web = [level for level in monzo.columns if level.slug == "web-1"]
    states = [monzo.row(place, web)[0].state for place in monzo.effectives.places]
    assert states == ["inherited", "overridden", "not-in-use"]
    assert shapes["direct"].columns == ()
    assert [shapes["direct"].row(place, ()) for place in shapes["direct"].effectives.places] == [()] * 5


@given(ladders())
def test_every_cell_says_what_is_in_force(generated: Ladder) -> None:
    """Whatever the ladder, row by row or from the effective cell: the same states, steps, texts and numbers."""
    effectives = Demands(Index.of(generated))
    whole = Matrix(effectives)
    for place in effectives.places:
        for level, cell in zip(whole.columns, whole.row(place, whole.columns), strict=True):
            told = effectives.cell(level, *place)
            assert shown(cell) == counted(told)
            assert (cell.lines, cell.more_count, cell.parts) == told_in_lines(told)


def test_the_top_of_two_hundred_cumulative_rungs_costs_no_more_than_a_walk_up() -> None:
    """All 40,000 cells of a ladder in which each rung holds all below it, in seconds at the very most."""
    levels = [{"slug": f"l{n}", "track": "t", "title": "x"} for n in range(200)]
    competencies = [{"slug": f"c{n}", "title": "x"} for n in range(200)]
    said = [
        {"level": f"l{n}", "competency": f"c{m}", "statements": [{"text": f"{n} {m}"}]}
        for n in range(200)
        for m in range(200)
    ]
    content = {"slug": "a", "title": "A", "cumulative": "yes", "tracks": [{"slug": "t", "title": "T"}]}
    content |= {"levels": levels, "competencies": competencies, "expectations": said}
    whole = matrix(Index.of(Ladder.model_validate(content)))
    begun = time.process_time()
    rows = [whole.row(place, whole.columns) for place in whole.effectives.places]
    assert time.process_time() - begun < 2
    assert [cell.statements for cell in rows[-1]] == list(range(1, 201))
