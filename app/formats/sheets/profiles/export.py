"""A release in the form of an export profile."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from app.errors import MOST_FAULTS, Fault, Invalid
from app.formats.sheets.columns import COLUMNS
from app.formats.sheets.csv_writer import write_csv
from app.formats.sheets.formula_guard import guarded
from app.formats.sheets.profiles.profile import Column, Profile
from app.formats.sheets.table_parts import Chosen, Parts
from app.formats.sheets.tables import table_rows

_EXECUTED: Final = ("=", "@", "+", "\t")
"""The characters with which a value begins that Excel would execute."""


@dataclass(frozen=True)
class Exported:
    """A file for another system."""

    body: bytes
    shortened: tuple[str, ...]
    """The places whose values were cut, with the lengths before and after."""


@dataclass(frozen=True)
class Choice:
    """The options of an export."""

    chosen: Chosen
    shorten: bool = False
    """True to cut values that are too long, at a word."""
    guard: bool = False
    """True to put an apostrophe in front of values that Excel would execute."""


def export(profile: Profile, parts: Parts, choice: Choice) -> Exported:
    """Return the file of a profile.

    Raises Invalid if a value is missing, too long or would be executed, or if there are too many rows. The error
    lists the rows.
    """
    rows = checked_rows(profile, parts, choice)
    return Exported(_written(profile, rows.header, rows.lines), rows.shortened)


@dataclass(frozen=True)
class Rows:
    """The rows of a file, as they are written."""

    header: Sequence[str]
    lines: Sequence[Sequence[str]]
    shortened: tuple[str, ...]
    """The places whose values were cut, with the lengths before and after."""


def checked_rows(profile: Profile, parts: Parts, choice: Choice, *, first: int = 2) -> Rows:
    """Return the rows of a file. `first` is the number of its first row, for messages.

    Raises Invalid as `export` does.
    """
    if profile.needs_track and len(choice.chosen.tracks) != 1:
        raise Invalid("This file holds one track. Choose it with `track`.")
    rows = _source(profile, parts, choice.chosen)
    header, lines = _spread(profile, rows) if profile.spread else _joined(profile, rows)
    if profile.most_rows is not None and len(lines) > profile.most_rows:
        raise Invalid(f"The file has {len(lines):,} rows. The system takes at most {profile.most_rows:,}.")
    check = _Check(profile, choice)
    checked = [check.line(header, line, number) for number, line in enumerate(lines, first)]
    if check.faults:
        more = len(check.faults) - 1
        detail = check.faults[0].detail + (f" ({more} more)" if more else "")
        raise Invalid(detail, faults=check.faults[:MOST_FAULTS])
    return Rows(header, checked, tuple(check.shortened))


def _source(profile: Profile, parts: Parts, chosen: Chosen) -> list[dict[str, str]]:
    """Return the rows of the flat table that the file is made of, as texts."""
    names = COLUMNS[profile.table]
    rows = table_rows(parts, profile.table, replace(chosen, effective=profile.effective))
    found = [
        dict(zip(names, ("" if cell is None else str(cell) for cell in row), strict=True)) for row in rows
    ]
    asked = {"asked", ""}
    return [
        row for row in found if row.get("counts_as", "") in asked and row.get("applicability") != "not-in-use"
    ]


def _joined(profile: Profile, rows: Sequence[dict[str, str]]) -> tuple[list[str], list[list[str]]]:
    """Return the rows of a file. Rows that differ only in a column that joins are one; equal rows are one."""
    found: dict[tuple[str, ...], dict[int, dict[str, None]]] = {}
    joining = [number for number, column in enumerate(profile.columns) if column.join is not None]
    for row in rows:
        values = [column.of(row) for column in profile.columns]
        key = tuple("" if number in joining else value for number, value in enumerate(values))
        held = found.setdefault(key, {number: {} for number in joining})
        for number in joining:
            held[number][values[number]] = None
    lines = [
        [
            (profile.columns[number].join or "").join(held[number]) if number in held else value
            for number, value in enumerate(key)
        ]
        for key, held in found.items()
    ]
    return [column.header for column in profile.columns], lines


def _spread(profile: Profile, rows: Sequence[dict[str, str]]) -> tuple[list[str], list[list[str]]]:
    """Return the rows of a file with a column for each step or level, which has the texts there, one per line."""
    for spread in profile.spread:
        chosen = [row for row in rows if row["origin"] == spread.origin and row[spread.column]]
        if chosen:
            break
    else:
        chosen, spread = [], profile.spread[0]
    titles = list(dict.fromkeys(row[spread.column] for row in chosen))
    found: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for row in chosen:
        key = tuple(column.of(row) for column in profile.columns)
        found.setdefault(key, {}).setdefault(row[spread.column], []).append(row["text"])
    lines = [[*key, *("\n".join(texts.get(title, ())) for title in titles)] for key, texts in found.items()]
    return [*(column.header for column in profile.columns), *titles], lines


@dataclass(frozen=True)
class _Check:
    """The check of all values of a file, which collects what is wrong."""

    profile: Profile
    choice: Choice
    faults: list[Fault] = field(default_factory=list)
    shortened: list[str] = field(default_factory=list)

    def line(self, header: Sequence[str], line: Sequence[str], number: int) -> list[str]:
        """Return the values of a row as they are written."""
        columns = (*self.profile.columns, *[None] * (len(header) - len(self.profile.columns)))
        return [
            self.harmless(self.fitting(column, value, f"row {number}, {name}"), f"row {number}, {name}")
            for name, column, value in zip(header, columns, line, strict=True)
        ]

    def fitting(self, column: Column | None, value: str, place: str) -> str:
        """Return a value that the column takes; note it if it is missing or too long."""
        if column is None:
            return value
        if column.required and not value.strip():
            self.faults.append(Fault(f"{place}: the system requires a value, and the ladder has none."))
        if column.longest is None or len(value) <= column.longest:
            return value
        if self.choice.shorten:
            cut = shorten(value, column.longest)
            self.shortened.append(f"{place}: {len(value)} characters, cut to {len(cut)}")
            return cut
        detail = (
            f"{place}: {len(value)} characters. The system takes {column.longest}. Use `shorten` to cut it."
        )
        self.faults.append(Fault(detail))
        return value

    def harmless(self, value: str, place: str) -> str:
        """Return a value that Excel does not execute; note it if it would."""
        if self.profile.extension != "csv" or not value.startswith(_EXECUTED):
            return value
        if not self.choice.guard:
            detail = f"{place}: the value begins like a formula, so Excel would execute it. Use `guard`."
            self.faults.append(Fault(detail))
        return guarded(value)


def shorten(text: str, longest: int) -> str:
    """Return a text cut at a word, with an ellipsis, so that it has at most so many characters."""
    cut = text[: longest - 1]
    at_word = cut[: cut.rfind(" ")] if " " in cut and not text[longest - 1].isspace() else cut
    return f"{(at_word or cut).rstrip()}…"


def _written(profile: Profile, header: Sequence[str], lines: Sequence[Sequence[str]]) -> bytes:
    if profile.extension == "csv":
        return write_csv(header, lines, guard=False)
    heads = ["|".join(("METADATA", profile.object, *header))]
    merges = ("|".join(("MERGE", profile.object, *map(_escaped, line))) for line in lines)
    return "".join(f"{line}\n" for line in (*heads, *merges)).encode()


def _escaped(value: str) -> str:
    """Return a value as HCM Data Loader reads it."""
    return value.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "\\n")
