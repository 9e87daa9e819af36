"""Our flat tables in JSON: an array of flat rows."""

import json
from typing import Any, Final

from app.formats.sheets.edits.reader import table_name
from app.formats.sheets.grid import MAX_CELLS, MAX_PACKED, Grid, refusal, too_many_cells

_SPACE: Final = b"\xef\xbb\xbf \t\r\n"
"""What may come before a JSON value, with a byte order mark."""


def is_json_table(data: bytes) -> bool:
    """Return whether a JSON file holds an array, as our tables do, and not an object, as a ladder is."""
    return data.lstrip(_SPACE)[:1] == b"["


def read_json_table(data: bytes, file: str) -> Grid:
    """Return one of our tables in JSON as a grid, texts as they are.

    Raises:
        BadRequest: The file is too large, or is not one of our tables.
    """
    if len(data) > MAX_PACKED:
        raise refusal(f"{file}: {len(data):,} bytes. A file may have at most {MAX_PACKED:,}; split it.")
    try:
        rows: Any = json.loads(data)
    except (ValueError, RecursionError):
        raise refusal(f"{file}: this is not valid JSON.") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise refusal(
            f"{file}: this is neither a ladder nor one of our tables. A ladder is an object, a table is an array of "
            f"flat rows."
        )
    headers = list(dict.fromkeys(name for row in rows for name in row))
    if len(headers) * len(rows) > MAX_CELLS:
        raise too_many_cells(file)
    cells = [tuple(headers), *(tuple(_text(row.get(name)) for name in headers) for row in rows)]
    grid = Grid(file, tuple(cells))
    if table_name(grid) is None:
        raise refusal(f"{file}: this is not one of our tables. See the columns of each in the documentation.")
    return grid


def _text(value: object) -> str:
    """Return a value as a cell. A text gets the guard that importing removes."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith("'") else value
    return "" if value is None else str(value)
