"""Views in Markdown and CSV: their responses, and how the OpenAPI document describes them."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any, Final

from starlette.responses import Response

from app.serving.answers.extensions import CSV, MARKDOWN

_TEXT: Final[dict[str, Any]] = {"schema": {"type": "string"}}
IN_MARKDOWN: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The view in Markdown.", "content": {MARKDOWN: _TEXT}}
}
"""The response of a route with the extension `.md`."""
IN_CSV: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The view in CSV (RFC 4180), with a header row.", "content": {CSV: _TEXT}}
}
"""The response of a route with the extension `.csv`."""
TEXTUAL: Final = {".md": MARKDOWN}
"""The formats of a view without a table besides JSON, by extension."""
TABULAR: Final = {".csv": CSV, ".md": MARKDOWN}
"""The formats of a view with a table besides JSON, by extension."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | float | None


def markdown(text: str) -> Response:
    """Return a view in Markdown (CommonMark)."""
    return Response(text, media_type=MARKDOWN)


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return a view in CSV (RFC 4180).

    A text that a spreadsheet would read as a formula gets an apostrophe in front.
    """
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(header)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return Response(written.getvalue(), media_type=f"{CSV}; header=present")


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
