"""Running the command in tests: in this process with a test clock, or as its own process."""

import io
import json
import os
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from app.cli import main
from app.cli.environment import Environment
from tests.commands import quick_ladder
from tests.forked import LADDER

ROOT: Final = Path(__file__).parents[2]
SEED: Final = ROOT / "seed"
NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""The moment at which commands run in tests."""

SMALL: Final = """\
slug: small
title: Small ladder
tracks:
  - slug: engineers
    title: Engineers
    levels:
      - slug: l1
        title: Engineer
        expectations:
          - competency: craft
            summary: Writes code that works.
competencies:
  - slug: craft
    title: Craft
"""
"""The smallest ladder without a finding."""


@dataclass(frozen=True)
class Ended:
    """The result of a command: its exit code and output."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON is anything
        """Return the output as JSON."""
        return json.loads(self.out)


def ladder(*arguments: str | Path, now: datetime = NOW) -> Ended:
    """Run the command in this process; what it prints goes where no terminal is."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(argument) for argument in arguments], clock=lambda: now)
    return Ended(int(code), out.getvalue(), err.getvalue())


def process(*arguments: str | Path, **environment: str) -> Ended:
    """Run the command as a process of its own, its output in pipes."""
    return _ended(quick_ladder(), arguments, environment)


def process_from_nothing(*arguments: str | Path, **environment: str) -> Ended:
    """The same, started as `python -m app` is, which takes longer."""
    return _ended(LADDER, arguments, environment)


def _ended(command: tuple[str, ...], arguments: tuple[str | Path, ...], environment: dict[str, str]) -> Ended:
    done = subprocess.run(
        [*command, *map(str, arguments)],
        env=surroundings(**environment),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def surroundings(**environment: str) -> dict[str, str]:
    """The environment of a process: this one's with these variables, and the checkout on the path."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **environment}


def database_line() -> str:
    """Return the line in which commands name the database of the settings."""
    return f"Database: {Environment(lambda: NOW).database_name}\n"


def edit(path: Path, summary: str) -> Path:
    """The small ladder with another summary of its only expectation."""
    path.write_text(SMALL.replace("Writes code that works.", summary), encoding="utf-8")
    return path


def releases() -> list[str]:
    """The newest number of every ladder."""
    return [f"{item['ladder']}@{item['latest']}" for item in ladder("list", "--json").json["items"]]
