"""Sheets changed at random: rows and columns moved, inserted and emptied, cells merged, words of other languages."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from app.formats.importing.sheets import Sheet
from app.formats.sheets.grid import Grid

Rows = list[list[str]]
_HEADERS: Final = (
    *(
        "Competency",
        "Level",
        "Kompetenz",
        "Niveau",
        "역량",
        "المستوى",
        "Comments",
        "Total",
        "Score",
        "Category",
    ),
    *(
        "L1",
        "L2",
        "Junior",
        "Senior (L3)",
        "Junior / Senior",
        "1",
        "Examples",
        "Description",
        "Years",
        "Scope",
        "Notes",
    ),
)
_TEXTS: Final = (
    *(
        "Writes code that holds.",
        "• one\n• two\n  - three",
        "1. first 2. second",
        "n/a",
        "-",
        "x",
        "3",
        "3 - Expert",
    ),
    *(
        "Schreibt Code. Prüft ihn.",
        "코드를 작성한다",
        "يكتب الشيفرة",
        "Écrit du code",
        "=SUM(A1:A3)",
        "see L2",
        "50%",
    ),
    *(
        "e.g. a form",
        "Lead:\n- a\n- b",
        "\u200b",
        " two  spaces ",
        "Total",
        "Name: Jane Roe",
        "https://example.org/?a=b",
    ),
    *(
        "L4",
        "Senior",
        "Advanced",
        "2-3",
        "ab 5 Jahren",
        "✓",
        "C++",
        "#",
        "…",
        "a" * 300,
        "A|B",
        "## Title",
        "* * *",
    ),
)


def mutate(sheet: Sheet, random: Random) -> Sheet:
    """Return a sheet with a few random changes; a text stays as it is."""
    grid = sheet.content
    if not isinstance(grid, Grid):
        return sheet
    width = max(map(len, grid.cells), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in grid.cells]
    for _ in range(random.randint(1, 4)):
        random.choice(_CHANGES)(rows, random)
    merged = list(grid.merged) if random.random() < 0.5 else []
    if random.random() < 0.4 and rows and rows[0]:
        merged = [_merge(rows, random)]
    formulas = {(random.randrange(len(rows)), 0)} if rows and random.random() < 0.2 else set()
    cells = tuple(map(tuple, rows))
    return replace(
        sheet, content=replace(grid, cells=cells, merged=tuple(merged), formulas=frozenset(formulas))
    )


def noise(random: Random) -> Sheet:
    """Return a sheet of random words."""
    width, height = random.randint(1, 6), random.randint(1, 8)
    rows = [[random.choice(_HEADERS) for _ in range(width)]]
    rows += [
        [random.choice(("", *_TEXTS, *_HEADERS)) if random.random() < 0.8 else "" for _ in range(width)]
        for _ in range(height)
    ]
    random.shuffle(rows) if random.random() < 0.3 else None
    return Sheet("noise.csv", "noise.csv", Grid("noise.csv", tuple(map(tuple, rows))))


def _merge(rows: Rows, random: Random) -> tuple[tuple[int, int], tuple[int, int]]:
    top, left = random.randrange(len(rows)), random.randrange(len(rows[0]))
    bottom = min(len(rows) - 1, top + random.randint(0, 3))
    right = min(len(rows[0]) - 1, left + random.randint(0, 3))
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if (row, column) != (top, left):
                rows[row][column] = ""
    return (top, left), (bottom, right)


def _shuffle(rows: Rows, random: Random) -> None:
    body = rows[1:]
    random.shuffle(body)
    rows[1:] = body


def _shuffle_columns(rows: Rows, random: Random) -> None:
    order = list(range(len(rows[0]) if rows else 0))
    random.shuffle(order)
    rows[:] = [[row[at] for at in order] for row in rows]


def _insert_row(rows: Rows, random: Random) -> None:
    width = len(rows[0]) if rows else 1
    words = random.choice((_TEXTS, _HEADERS))
    filled = random.random()
    row = [random.choice(words) if random.random() < filled else "" for _ in range(width)]
    rows.insert(random.randint(0, len(rows)), row)


def _insert_column(rows: Rows, random: Random) -> None:
    at = random.randint(0, len(rows[0]) if rows else 0)
    for number, row in enumerate(rows):
        row.insert(at, random.choice(_HEADERS if number == 0 else ("", *_TEXTS)))


def _empty_column(rows: Rows, random: Random) -> None:
    at = random.randrange(len(rows[0])) if rows and rows[0] else None
    for row in rows if at is not None else ():
        row[at or 0] = ""


def _empty_cells(rows: Rows, random: Random) -> None:
    for row in rows:
        for at in range(len(row)):
            if random.random() < 0.15:
                row[at] = ""


def _other_words(rows: Rows, random: Random) -> None:
    for row in rows:
        for at, text in enumerate(row):
            if text and random.random() < 0.15:
                row[at] = random.choice((*_TEXTS, *_HEADERS))


def _drop_header(rows: Rows, random: Random) -> None:
    if len(rows) > 1:
        rows.pop(random.randint(0, 1))


def _turn(rows: Rows, _random: Random) -> None:
    rows[:] = [list(column) for column in zip(*rows, strict=True)]


_CHANGES: Final[tuple[Callable[[Rows, Random], None], ...]] = (
    *(_shuffle, _shuffle_columns, _insert_row, _insert_row, _insert_column),
    *(_empty_column, _empty_cells, _other_words, _drop_header, _turn),
)
