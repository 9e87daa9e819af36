"""The table of statements: one row per text, as it is written or as each level effectively asks it."""

from collections.abc import Iterator
from typing import Any

from app.formats.sheets.table_parts import Chosen, Parts, Values, joined, place_of
from app.rubric.ladder import Expectation, Level
from app.rubric.parts import Proficiency
from app.rubric.statement_kinds import SUMMARY, StatementKinds
from app.rubric.views.demands import Demand, Demands


def statement_rows(parts: Parts, chosen: Chosen) -> Iterator[Values]:
    """Yield a row for each text: of each cell as written, then of each proficiency; or as effectively asked."""
    if chosen.effective:
        yield from _effective(parts, chosen)
        return
    for node, asked in parts.cells(chosen):
        place = parts.place(asked.level, asked.competency, asked.facet)
        said = {"applicability": asked.applicability, "origin": "own"}
        of_step = parts.step(asked.competency, asked.facet, asked.step)
        yield from _texts(parts, asked, place | said | of_step | parts.owner(node))
    if chosen.all_levels:
        yield from _step_texts(parts, chosen)


def _effective(parts: Parts, chosen: Chosen) -> Iterator[Values]:
    demands = parts.index.once(Demands)
    for level in parts.index.ladder.levels:
        if chosen.has_level(level):
            for cell in demands.of(level).cells:
                if chosen.has_competency(cell.competency):
                    yield from _asked(parts, level, cell)


def _asked(parts: Parts, level: Level, cell: Demand) -> Iterator[Values]:
    place = parts.place(level.slug, cell.competency, cell.facet)
    for position, (entry, line) in enumerate(cell.lines, 1):
        step = entry.step if entry.origin == "step" else cell.step
        examples = () if line.statement is None else line.statement.examples
        yield (
            place
            | parts.step(cell.competency, cell.facet, step)
            | parts.owner(parts.owners[id(entry.source)])
            | {
                "applicability": cell.applicability or "",
                "kind": line.kind or "",
                "counts_as": line.counts_as,
                "origin": entry.origin,
                "position": position,
                "text": line.text,
                "examples": joined(examples),
            }
        )


def _step_texts(parts: Parts, chosen: Chosen) -> Iterator[Values]:
    for node in parts.index.of_kind("proficiency"):
        described: Any = node.entity
        assert node.owner is not None  # noqa: S101 - a proficiency is of a competency or facet
        competency, facet = place_of(node.owner.entity)
        if chosen.has_competency(competency):
            shared = parts.place("", competency, facet) | parts.step(competency, facet, described.step)
            shared |= {"applicability": "", "origin": "step"} | parts.owner(node)
            yield from _texts(parts, described, shared)


def _texts(parts: Parts, source: Expectation | Proficiency, shared: Values) -> Iterator[Values]:
    """Yield a row for the summary of a source, then for each statement."""
    kinds = parts.index.once(StatementKinds)
    first = 1
    if source.summary:
        yield shared | {
            "kind": SUMMARY,
            "counts_as": "asked",
            "position": first,
            "text": source.summary,
            "examples": "",
        }
        first = 2
    for position, one in enumerate(source.statements, first):
        yield shared | {
            "kind": one.kind or "",
            "counts_as": kinds.counts_as(one.kind),
            "position": position,
            "text": one.text,
            "examples": joined(one.examples),
        }
