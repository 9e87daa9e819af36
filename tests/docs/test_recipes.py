"""The commands and programs of tutorials, guides and reference pages run as written and print what the pages show.

Each page gets a service of its own with the bundled ladders, and a folder in which its blocks run in order. A `text`
block shows what the block before it prints; `…` stands for anything.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.api.serving import NOW, Clock
from tests.cli.service import Service, serving
from tests.commands import write_ladder
from tests.databases import SqliteDatabases
from tests.docs.pages import Block, blocks, text_of
from tests.docs.test_readme import is_shown

SERVED_AT: Final = "localhost:8000"
"""Where the pages say that the service is."""
PAGES: Final = (
    "docs/explanation/releases.md",
    "docs/how-to/assess-against-a-level.md",
    "docs/how-to/fill-a-vendors-template.md",
    "docs/how-to/import-a-spreadsheet.md",
    "docs/how-to/manage-access.md",
    "docs/how-to/sync-into-an-hr-system.md",
    "docs/reference/diff.md",
    "docs/reference/search.md",
    "docs/reference/views.md",
    "docs/tutorials/first-ladder.md",
)
ELSEWHERE: Final = ("ladder serve\n",)
"""What a page asks the reader to run in another terminal."""


@pytest.fixture
def service(sqlite_databases: SqliteDatabases) -> Iterator[tuple[Service, str]]:
    """A service with the bundled ladders, and the URL of its database."""
    with (
        sqlite_databases.fresh("seeded") as url,
        serving(url, Clock(), revision_interval=60.0) as served,
    ):
        yield served, url


def environment(folder: Path, database_url: str) -> dict[str, str]:
    """The variables of the reader's shell, with the `ladder` command on the path."""
    command = folder / "bin" / "ladder"
    command.parent.mkdir()
    write_ladder(command)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LADDER_")}
    return {
        **{name: value for name, value in kept.items() if "proxy" not in name.lower()},
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "LADDER_DATABASE_URL": database_url,
        "NOW": NOW.isoformat(),
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.mark.parametrize("page", PAGES)
def test_every_block_of_a_page_prints_what_the_page_shows(
    page: str, service: tuple[Service, str], tmp_path: Path
) -> None:
    served, database_url = service
    shell = environment(tmp_path, database_url)
    runners = {"sh": ["/bin/sh", "-ec"], "python": [sys.executable, "-c"]}
    found = blocks(text_of(page))
    for block, following in zip(found, [*found[1:], Block("", "")], strict=True):
        if block.language not in runners or block.text in ELSEWHERE:
            continue
        script = block.text.replace(SERVED_AT, served.url.removeprefix("http://"))
        done = subprocess.run(
            [*runners[block.language], script],
            cwd=tmp_path,
            env=shell,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
        )
        served.application.serving.freshness.refresh()
        printed = done.stdout.replace(served.url, f"http://{SERVED_AT}")
        assert done.returncode == 0, f"{block.text}\nends with {done.returncode}\n{printed}"
        if following.language == "text":
            assert is_shown(following.text, printed), f"{block.text}\nprints\n{printed}"
        else:
            assert '"type":"/problems/' not in printed


def test_a_second_sync_copies_nothing_and_a_new_release_alone(
    service: tuple[Service, str], tmp_path: Path
) -> None:
    served, _ = service
    (script,) = (
        block.text
        for block in blocks(text_of("docs/how-to/sync-into-an-hr-system.md"))
        if block.language == "python" and "def main" in block.text
    )
    (tmp_path / "sync.py").write_text(script, "utf-8")
    shell = {"PATH": os.environ["PATH"], "LADDER_SERVER": served.url}

    def synced() -> list[str]:
        done = subprocess.run(
            [sys.executable, "sync.py"], cwd=tmp_path, env=shell, check=True, capture_output=True, text=True
        )
        return done.stdout.splitlines()

    assert len(synced()) == len(served.get("/v1/ladders").json()["items"])
    assert synced() == []


def test_the_tables_that_grafana_reads_have_the_columns_that_the_page_names(
    service: tuple[Service, str],
) -> None:
    served, _ = service
    page = text_of("docs/how-to/show-in-grafana.md")
    table = "/v1/ladders/example-engineering/matrix.csv?rows=competencies"
    releases = "/v1/ladders/example-engineering/releases"
    names = {"competency_title", "level_title", "code", "applicability", "step_title", "summary"}
    assert names <= set(served.get(table).text.splitlines()[0].split(","))
    assert {"version", "status", "effective_from"} <= served.get(releases).json()["items"][0].keys()
    assert all(part in page for part in (table, releases, *(f"`{name}`" for name in names)))
