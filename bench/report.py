"""The report: one table with budgets, its JSON, and the part of docs/explanation/performance.md that shows it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Final

from bench.figures import Budget, Figure, Spread

BEGIN: Final = "<!-- bench:begin -->"
END: Final = "<!-- bench:end -->"
_HEAD: Final = ("what", "measured", "lowest and highest", "budget", "verdict", "beside")
_BOUNDS: Final = {"at least": "≥", "at most": "≤"}


@dataclass(frozen=True, slots=True)
class Report:
    """One run."""

    form: str
    """`full` or `quick`, with the parts in brackets where not all were measured."""
    taken: str
    """The time of the run: RFC 3339, UTC."""
    machine: dict[str, str]
    figures: tuple[Figure, ...]


def to_json(report: Report) -> str:
    """Return the run for machines, verdicts included."""
    content = asdict(report)
    for written, figure in zip(content["figures"], report.figures, strict=True):
        written["verdict"] = figure.verdict
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str) -> Report:
    """Return the run that `to_json` wrote."""
    content = json.loads(text)
    figures = tuple(_figure(written) for written in content["figures"])
    return Report(content["form"], content["taken"], content["machine"], figures)


def _figure(written: dict[str, Any]) -> Figure:
    spread, budget = written["spread"], written["budget"]
    return Figure(
        part=written["part"],
        name=written["name"],
        unit=written["unit"],
        spread=None if spread is None else Spread(**spread),
        budget=None if budget is None else Budget(**budget),
        note=written["note"],
    )


def render(report: Report) -> str:
    """Return the run as Markdown that reads well as plain text too."""
    machine = [f"- {name}: {value}" for name, value in report.machine.items()]
    parts = [f"Taken {report.taken}, {report.form} form.", "\n".join(machine)]
    for part, figures in groupby(report.figures, key=lambda figure: figure.part):
        parts += [f"### {part}", _table([_row(figure) for figure in figures])]
    return "\n\n".join([*parts, f"**{summary(report.figures)}**"]) + "\n"


def summary(figures: Sequence[Figure]) -> str:
    """Return how many budgets were reached, and which were not."""
    judged = [figure for figure in figures if figure.verdict in ("reached", "falls short")]
    short = [figure.name for figure in judged if figure.verdict == "falls short"]
    missing = [figure.name for figure in figures if figure.verdict == "not there yet"]
    said = f"{len(judged) - len(short)} of {len(judged)} budgets reached."
    if short:
        said += f" Falls short: {'; '.join(short)}."
    if missing:
        said += f" Not there yet: {'; '.join(missing)}."
    return said


def insert(document: str, text: str) -> str:
    """Return the document with the text between its markers. Raises ValueError where they are not there."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The document lacks its markers: put {BEGIN} and {END} on lines of their own.")
    return f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}"


def _row(figure: Figure) -> tuple[str, ...]:
    spread, budget, unit = figure.spread, figure.budget, figure.unit
    bound = "" if budget is None else f"{_BOUNDS[budget.bound]} {_amount(budget.value, unit)}"
    if spread is None:
        return figure.name, "", "", bound, figure.verdict, figure.note
    several = spread.low != spread.high
    reach = f"{_amount(spread.low, unit)} to {_amount(spread.high, unit)}" if several else ""
    verdict = "**falls short**" if figure.verdict == "falls short" else figure.verdict
    return figure.name, _amount(spread.middle, unit), reach, bound, verdict, figure.note


def _amount(value: float, unit: str) -> str:
    if unit == "x":
        return f"{value:.3f} x"
    if unit == "/s":
        return f"{value:,.0f}/s"
    return f"{value:.3g} {unit}".strip() if value < 1000 else f"{value:,.0f} {unit}".strip()  # noqa: PLR2004


def _table(rows: list[tuple[str, ...]]) -> str:
    """Columns of even width; a bar within a cell would end it."""
    cells = [_HEAD, *(tuple(cell.replace("|", "/") for cell in row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
