"""Output of the command: tables and progress for people, lines with tabs for pipes, JSON for scripts.

Data goes to standard output, everything else to standard error. Only a terminal gets colours, tables
and progress; in a pipe, a table becomes one line per row, with tabs between the cells and without a heading.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO

from rich.console import Console
from rich.text import Text

from app.errors import LadderError
from app.masking import without_secrets

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")

Step = Callable[[str], None]
"""A function that is called with the name of the current item."""


def prepare_streams() -> None:
    """Prepare the output: UTF-8 in files and pipes, and escapes for characters that a stream cannot hold.

    Output to a closed stream, as with `>&-`, is dropped.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - stays open
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def print_json(value: object) -> None:
    """Print a JSON value, indented by two, to standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows of text: a table with headings on a terminal, else lines with tabs and no heading."""
    if sys.stdout.isatty():
        from rich.table import Table

        table = Table(*columns, header_style="bold")
        for row in rows:
            table.add_row(*(Text(one_line(cell), overflow="fold") for cell in row))
        Console(file=sys.stdout).print(table)
        return
    for row in rows:
        sys.stdout.write("\t".join(one_line(cell) for cell in row) + "\n")


def say(line: str | Text) -> None:
    """Print a line of data to standard output."""
    _write(sys.stdout, line if isinstance(line, Text) else _plain(line))


def write(text: str) -> None:
    """Print several lines to standard output as they are, without control characters."""
    sys.stdout.write("\n".join(map(one_line, text.split("\n"))))


def note(line: str | Text, style: str = "") -> None:
    """Print a message to standard error. Styles such as `red` only show on a terminal.

    If both streams go to one file or pipe, the order is kept.
    """
    with suppress(OSError):  # a failed write is reported at the end
        sys.stdout.flush()
    _write(sys.stderr, line if isinstance(line, Text) else _plain(line, style))


def report(error: LadderError) -> None:
    """Print an error to standard error: `ladder: detail`, then each fault and note on a line of its own."""
    note(f"ladder: {error.detail}", "red")
    several = [fault for fault in error.faults if len(error.faults) > 1 or fault.detail not in error.detail]
    for fault in several:
        place = fault.parameter or fault.pointer
        note(f"  {place}: {fault.detail}" if place else f"  {fault.detail}")
    for remark in getattr(error, "__notes__", ()):
        note(f"  {remark}")


@contextmanager
def progress(title: str) -> Iterator[Step]:
    """Show progress on a terminal, and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _now: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda now: bar.update(task, description=f"{title}: {one_line(now)}")


def counted(number: int, word: str) -> str:
    """Return a number with its word: `1 release`, `2 releases`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def one_line(text: str) -> str:
    """Return the text without line ends, tabs and other characters that move a terminal's cursor."""
    return _CONTROLS.sub(" ", text)


def flush() -> None:
    """Flush standard output."""
    sys.stdout.flush()


def _plain(line: str, style: str = "") -> Text:
    return Text(without_secrets(one_line(line)), style=style)


def _write(stream: TextIO, line: Text) -> None:
    if stream.isatty():
        Console(file=stream).print(line, soft_wrap=True)
    else:
        stream.write(line.plain + "\n")
