"""The commands of docs/how-to/correct-a-release.md run as written, in order."""

import re
import shlex
from pathlib import Path
from typing import Final

import pytest

from tests.cli.shell import NOW, SMALL, ladder
from tests.databases import SqliteDatabases
from tests.docs.pages import text_of

_COMMAND: Final = re.compile(r"^ *(ladder .+)$", re.MULTILINE)
_ACME: Final = SMALL.replace("slug: small", "slug: acme")


def test_the_commands_correct_a_release_and_move_a_date(
    sqlite_databases: SqliteDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    working, today = tmp_path / "acme.yaml", tmp_path / "acme-today.yaml"
    working.write_text(_ACME, encoding="utf-8")
    with sqlite_databases.fresh("migrated") as url:
        monkeypatch.setenv("LADDER_DATABASE_URL", url)
        assert ladder("publish", working, now=NOW).code == 0
        working.write_text(_ACME.replace("Writes code", "Writes and reviews code"), encoding="utf-8")
        done = ladder("publish", working, "--version", "2.0.0", "--effective-from", "2027-01-01", now=NOW)
        assert (done.code, done.out[:20]) == (0, "Published acme@2.0.0")
        said = list[str]()
        for command in _COMMAND.findall(text_of("docs/how-to/correct-a-release.md")):
            _, *arguments = shlex.split(command)
            done = ladder(*_in_order(arguments, said), now=NOW)
            assert done.code == 0, (command, done.err)
            said.append(done.out)
            for file in (today, working) if len(said) == 1 else ():
                text = file.read_text(encoding="utf-8")
                file.write_text(text.replace("title: Craft\n", "title: Craftsmanship\n"), encoding="utf-8")
    assert [text.split(",")[0].strip() for text in said[1:]] == [
        "Would publish acme@1.1.0",
        "Published acme@1.1.0",
        "Published acme@2.1.0",
        "Rescheduled acme@2.1.0.",
    ]


def _in_order(arguments: list[str], said: list[str]) -> list[str]:
    """Move the newest release, as the page says, because it builds on the one that the page names."""
    return [one.replace("acme@2.0.0", "acme@2.1.0") for one in arguments] if len(said) > 3 else arguments
