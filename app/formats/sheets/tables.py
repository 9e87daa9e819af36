"""The flat tables of a ladder: one row per text, level, competency and step, question, or cell.

A table is a pure function of the ladder. Rows have the columns that `columns.py` lists; a text that is not set is
empty, and a number that is not set is None.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from app.formats.sheets.columns import COLUMNS
from app.formats.sheets.statement_table import statement_rows
from app.formats.sheets.table_parts import Cell, Chosen, Parts, Values, joined, place_of
from app.rubric.ladder import Step
from app.rubric.parts import Proficiency

Row = tuple[Cell, ...]


def table_rows(parts: Parts, table: str, chosen: Chosen) -> Iterator[Row]:
    """Yield the rows of a table, in document order."""
    columns = COLUMNS[table]
    always = {"ladder": parts.index.ladder.slug, "release": parts.release}
    for values in _TABLES[table](parts, chosen):
        row = always | values
        yield tuple(row[column] for column in columns)


def _levels(parts: Parts, chosen: Chosen) -> Iterator[Values]:
    """Yield a row for each level."""
    for node in parts.index.of_kind("level"):
        level: Any = node.entity
        if not chosen.has_level(level):
            continue
        track = parts.index.tracks.get(level.track)
        lists = (f"{one.title}: {item}" for one in level.attributes for item in (one.items or ("",)))
        yield parts.named(node, level) | {
            "track": level.track,
            "track_title": "" if track is None else track.title,
            "track_group": "" if track is None else track.group or "",
            "code": level.code or "",
            "rank": parts.rank(level),
            "title": level.title,
            "other_titles": "\n".join(level.other_titles),
            "summary": level.summary or "",
            "scope": level.scope or "",
            "years_from": level.years_from,
            "years_to": level.years_to,
            "attributes": "\n".join(line.rstrip() for line in lists),
            "examples": joined(level.examples),
        }


def _competencies(parts: Parts, chosen: Chosen) -> Iterator[Values]:
    """Yield a row for each competency or facet and step; one row if it has no steps."""
    for node in (*parts.index.of_kind("competency"), *parts.index.of_kind("facet")):
        one: Any = node.entity
        competency, facet = place_of(one)
        if not chosen.has_competency(competency):
            continue
        scale = parts.index.scale_of(competency, facet)
        about = parts.named(node, one) | parts.about(competency, facet)
        about |= {
            "summary": one.summary or "",
            "description": one.description or "",
            "scale": "" if scale is None else scale.slug,
            "scale_title": "" if scale is None else scale.title,
            "examples": joined(one.examples),
        }
        for step, proficiency in _by_step(() if scale is None else scale.steps, one.proficiencies):
            found = None if step is None else parts.step_of(competency, facet, step)
            texts = () if proficiency is None else proficiency.statements
            yield (
                about
                | parts.step(competency, facet, step)
                | {
                    "step_summary": "" if found is None else found.summary or "",
                    "proficiency_summary": "" if proficiency is None else proficiency.summary or "",
                    "statements": joined(texts),
                    "examples": joined(
                        (*one.examples, *(() if proficiency is None else proficiency.examples))
                    ),
                }
            )


def _faqs(parts: Parts, chosen: Chosen) -> Iterator[Values]:
    """Yield a row for each question. Filters keep the questions about what they name."""
    wanted = {
        *(f"track:{slug}" for slug in chosen.tracks),
        *(f"level:{slug}" for slug in chosen.levels),
        *(f"competency:{slug}" for slug in chosen.competencies),
    }
    for node in parts.index.of_kind("faq"):
        faq: Any = node.entity
        if wanted and wanted.isdisjoint(faq.about):
            continue
        yield parts.named(node, faq) | {
            "group": faq.group or "",
            "question": faq.question,
            "answer": faq.answer,
            "about": " ".join(faq.about),
        }


def _expectations(parts: Parts, chosen: Chosen) -> Iterator[Values]:
    """Yield a row for each cell that is written, with or without text."""
    for node, asked in parts.cells(chosen):
        yield (
            parts.named(node, asked)
            | parts.place(asked.level, asked.competency, asked.facet)
            | parts.step(asked.competency, asked.facet, asked.step)
            | {
                "applicability": asked.applicability,
                "extending": asked.extending or "",
                "summary": asked.summary or "",
                "statement_count": len(asked.statements),
                "statements": joined(asked.statements),
                "example_count": len(asked.examples),
                "examples": joined(asked.examples),
            }
        )


def _by_step(
    steps: Sequence[Step], proficiencies: Sequence[Proficiency]
) -> Iterator[tuple[str | None, Proficiency | None]]:
    """Yield each step of a scale with what describes it, then descriptions of other steps; at least one pair."""
    known = [step.slug for step in steps]
    pairs: list[tuple[str | None, Proficiency | None]] = []
    for slug in known:
        described = [one for one in proficiencies if one.step == slug]
        pairs += [(slug, one) for one in described] or [(slug, None)]
    pairs += [(one.step, one) for one in proficiencies if one.step not in known]
    yield from pairs or [(None, None)]


_TABLES: Final[Mapping[str, Callable[[Parts, Chosen], Iterator[Values]]]] = {
    "statements": statement_rows,
    "levels": _levels,
    "competencies": _competencies,
    "faqs": _faqs,
    "expectations": _expectations,
}
