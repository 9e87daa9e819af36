"""Reading imported files in another process, within limits of time and memory.

Sheets of other people are understood there too, because that is where most of the work is. Sheets of ours come back
as grids.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from app.errors import BadRequest, InvalidLadder, TooLarge
from app.formats.file_import.contents import Content, OwnLadder, OwnTable, OwnWorkbook, read_contents
from app.formats.importing.findings import ImportFinding, Spot
from app.formats.importing.mapping import ImportMapping
from app.formats.importing.understand import Understood, UnderstoodColumn, UnderstoodSheet
from app.formats.limited_process import SECONDS, limit, printed_error, run_limited
from app.formats.sheets.grid import Grid
from app.rubric.canonical import canonical
from app.rubric.ladder import Ladder

_HEAD: Final = b"\n"
"""The mark that ends the JSON, before the file."""


def read_apart(
    file: str, data: bytes, mapping: str | None, *, name: str, seconds: float = SECONDS
) -> tuple[Content, ...]:
    """Return what a file holds, as `read_contents` gives it, but read in another process.

    Args:
        file: Name of the file; its extension decides how it is read.
        data: The file.
        mapping: The mapping for sheets of other people, as YAML.
        name: What sheets of other people are called.
        seconds: The time that it may take.

    Raises:
        BadRequest: The file or the mapping cannot be read, or exceeds a limit.
        InvalidLadder: The file is YAML or JSON and has not the shape of a ladder.
        Invalid: Reading takes too long or too much memory.
        Unavailable: Other files are being read, and the wait was too long.
    """
    head = json.dumps({"file": file, "mapping": mapping, "name": name}).encode()
    answer = run_limited(
        __name__, [], head + _HEAD + data, what="file", fix="Split it into several.", seconds=seconds
    )
    return tuple(map(_received, answer["contents"]))


def _received(content: dict[str, Any]) -> Content:
    if "grids" in content:
        return OwnWorkbook(content["file"], tuple(map(_grid, content["grids"])))
    if "grid" in content:
        return OwnTable(content["file"], _grid(content["grid"]), content["name"])
    if "whole" in content:
        return OwnLadder(content["file"], Ladder.model_validate_json(content["whole"]))
    return Understood(
        Ladder.model_validate_json(content["ladder"]),
        tuple(
            ImportFinding(one["code"], one["message"], tuple(Spot(**spot) for spot in one["spots"]))
            for one in content["findings"]
        ),
        ImportMapping.from_yaml(content["mapping"]),
        tuple(
            UnderstoodSheet(
                **{**one, "columns": tuple(UnderstoodColumn(**column) for column in one["columns"])}
            )
            for one in content["tables"]
        ),
    )


def _grid(grid: dict[str, Any]) -> Grid:
    return Grid(grid["name"], tuple(map(tuple, grid["cells"])))


def _printed(content: Content) -> dict[str, object]:
    """Return what a file holds as JSON. What only other people's sheets need of a grid is left out."""
    if isinstance(content, OwnWorkbook):
        grids = [{"name": grid.name, "cells": grid.cells} for grid in content.grids]
        return {"file": content.file, "grids": grids}
    if isinstance(content, OwnTable):
        grid = {"name": content.grid.name, "cells": content.grid.cells}
        return {"file": content.file, "name": content.name, "grid": grid}
    if isinstance(content, OwnLadder):
        return {"file": content.file, "whole": canonical(content.ladder).decode()}
    return {
        "ladder": canonical(content.ladder).decode(),
        "findings": [asdict(one) for one in content.findings],
        "mapping": content.mapping.to_yaml(),
        "tables": [asdict(one) for one in content.tables],
    }


def _answer(data: bytes) -> dict[str, object]:
    first, _, file = data.partition(_HEAD)
    head = json.loads(first)
    try:
        mapping = None if head["mapping"] is None else ImportMapping.from_yaml(head["mapping"])
        found: Sequence[Content] = read_contents([(head["file"], file)], mapping, name=head["name"])
    except (BadRequest, InvalidLadder, TooLarge) as error:
        return printed_error(error)
    return {"contents": [_printed(content) for content in found]}


if __name__ == "__main__":
    limit()
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read())))
