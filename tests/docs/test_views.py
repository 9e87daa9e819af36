"""The commands of docs/reference/views.md run as written and print the output that follows them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.api.serving import Clock
from tests.cli.service import Service, serving
from tests.databases import SqliteDatabases
from tests.docs.pages import Block, blocks, text_of
from tests.docs.test_readme import is_shown

SERVED_AT: Final = "localhost:8000"
"""Where the page says that the service is."""
BLOCKS: Final = blocks(text_of("docs/reference/views.md"))
COMMANDS: Final = [
    (block, following.text if following.language == "text" else None)
    for block, following in zip(BLOCKS, [*BLOCKS[1:], Block("", "")], strict=True)
    if block.language == "sh"
]


@pytest.fixture(scope="module")
def service(sqlite_databases: SqliteDatabases) -> Iterator[Service]:
    with sqlite_databases.fresh("seeded") as url, serving(url, Clock(), revision_interval=60.0) as served:
        yield served


@pytest.mark.parametrize(("command", "expected"), COMMANDS)
def test_a_command_prints_what_is_shown(
    service: Service, tmp_path: Path, command: Block, expected: str | None
) -> None:
    script = command.text.replace(SERVED_AT, service.url.removeprefix("http://"))
    done = subprocess.run(
        ["/bin/sh", "-ec", script],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert '"type":"/problems/' not in done.stdout
    assert expected is None or is_shown(expected, done.stdout), done.stdout


def test_the_worked_example_is_there() -> None:
    assert sum(expected is not None for _, expected in COMMANDS) >= 4
