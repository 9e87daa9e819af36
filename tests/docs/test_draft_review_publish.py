"""The commands of docs/how-to/draft-review-publish.md run as written, on both engines, against a service.

Each `sh` block is run by a shell that has what the blocks before it exported, and prints what the `text` block after
it shows (`…` stands for anything). `<!-- now: … -->` on the page sets the clock of the service and of the commands.
"""

import os
import re
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from tests.api.serving import NOW, Clock
from tests.cli.service import Service, serving
from tests.commands import write_ladder
from tests.docs.pages import Block, blocks, text_of
from tests.docs.test_readme import is_shown

PAGE: Final = "\n".join(
    text_of(f"docs/how-to/{name}.md") for name in ("draft-review-publish", "publish-from-pull-requests")
)
SERVED_AT: Final = "http://localhost:8000"
"""Where the page says that the service is."""
_CLOCK: Final = re.compile(r"^<!-- now: (\S+) -->$", re.MULTILINE)


class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    def __init__(self, folder: Path, database_url: str, service: Service) -> None:
        self._folder = folder
        self._service = service
        command = folder / "bin" / "ladder"
        command.parent.mkdir()
        write_ladder(command)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LADDER_")}
        self._environment = {
            **{name: value for name, value in kept.items() if "proxy" not in name.lower()},
            "PATH": f"{command.parent}:{os.environ['PATH']}",
            "LADDER_DATABASE_URL": database_url,
            "NOW": NOW.isoformat(),
        }
        (folder / "exported").touch()

    def set_clock(self, moment: str) -> None:
        """Let it be that moment, for the service and for the commands."""
        self._service.clock.moment = datetime.fromisoformat(moment)
        self._service.application.serving.freshness.refresh()
        self._environment["NOW"] = moment

    def run(self, block: Block) -> str:
        """Return the output of a block, including errors."""
        script = block.text.replace(SERVED_AT, self._service.url)
        done = subprocess.run(
            ["sh", "-c", f". ./exported\nset -e\n{script}\nexport -p | grep LADDER_ > exported\n"],
            cwd=self._folder,
            env=self._environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
        )
        assert done.returncode == 0, f"{block.text}\nends with {done.returncode}\n{done.stdout}"
        self._service.application.serving.freshness.refresh()
        return done.stdout


def test_the_page_does_what_it_says(tmp_path: Path, database_url: str) -> None:
    before, moment, after = _CLOCK.split(PAGE)
    with serving(database_url, Clock(), revision_interval=60.0) as service:
        reader = Reader(tmp_path, database_url, service)
        _follow(reader, before)
        assert service.get("/v1/ladders/acme").json()["release"] == "1.0.0"
        reader.set_clock(moment)
        _follow(reader, after)
        old, new = (
            service.get(f"/v1/ladders/acme@{number}/document").json() for number in ("1.0.0", "1.1.0")
        )
    assert (old["release"], "tips" in old) == ("1.0.0", False)
    assert (new["release"], [tip["slug"] for tip in new["tips"]]) == ("1.1.0", ["small-steps"])
    assert "summary" not in old["levels"][0]
    assert new["levels"][0]["summary"] == "Works on a team, with help."


def _follow(reader: Reader, text: str) -> None:
    """Run each command, and compare what it prints with what the page shows."""
    told = [block for block in blocks(text) if block.language in {"sh", "text"}]
    for block, following in zip(told, [*told[1:], Block("", "")], strict=True):
        if block.language == "sh":
            printed = reader.run(block)
            expected = following.text if following.language == "text" else ""
            assert is_shown(expected, printed), f"{block.text}\nprints\n{printed}\nnot\n{expected}"


@pytest.mark.parametrize("language", ["sh", "text", "yaml"])
def test_every_block_says_what_it_is(language: str) -> None:
    found = {block.language for block in blocks(PAGE)}
    assert language in found
    assert found == {"sh", "text", "yaml"}
