"""What the command prints: tables and progress for people, lines with tabs for pipes, JSON for machines.

Data goes to standard output, all else to standard error. Only a stream that is a terminal gets colours, tables
and progress; in a pipe a table becomes one line a row, its cells parted by tabs, without a heading.
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
"""Called with what is being worked on now."""


def prepare_streams() -> None:
    """Let nothing stop the output: UTF-8 in files and pipes, escapes for what a stream cannot hold.

    What goes to a stream that is closed, such as by `>&-`, is dropped.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for good
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
    """Print a line of the answer to standard output."""
    _write(sys.stdout, line if isinstance(line, Text) else _plain(line))


def write(text: str) -> None:
    """Print text of several lines to standard output as it is, but for what a terminal would obey."""
    sys.stdout.write("\n".join(map(one_line, text.split("\n"))))


def note(line: str | Text, style: str = "") -> None:
    """Print a line about the work to standard error; styles (such as `red`) only show on a terminal.

    Where both go to one file or pipe, it comes after what was printed before it.
    """
    with suppress(OSError):  # what cannot be printed there is told at the end
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
    """Show on a terminal that work goes on; in a pipe show nothing."""
    if not sys.stderr.isatty():
        yield lambda _now: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda now: bar.update(task, description=f"{title}: {one_line(now)}")


def counted(number: int, word: str) -> str:
    """A number of things: `1 release`, `2 releases`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def one_line(text: str) -> str:
    """The text without line ends, tabs and what else could move a terminal's cursor."""
    return _CONTROLS.sub(" ", text)


def flush() -> None:
    """Let what was said be read now."""
    sys.stdout.flush()


def _plain(line: str, style: str = "") -> Text:
    return Text(without_secrets(one_line(line)), style=style)


def _write(stream: TextIO, line: Text) -> None:
    if stream.isatty():
        Console(file=stream).print(line, soft_wrap=True)
    else:
        stream.write(line.plain + "\n")
