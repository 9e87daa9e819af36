"""The number of files that somebody opens to follow a request, as the architecture page states it."""

import asyncio
import re
from collections.abc import Sequence
from typing import Final

from tests.api.serving import EXAMPLE
from tests.databases import SqliteDatabases
from tests.docs.pages import ROOT
from tests.serving.asgi import ask, started
from tests.serving.files_entered import FilesEntered

OLD_LEVEL: Final = f"{EXAMPLE}@1.0.0/levels/l5"
"""A level of a release that is not in force, so it is not loaded before the first read."""
LEVEL: Final = f"{EXAMPLE}/levels/l5"
RUNS: Final = 3
"""Background tasks may run at the same moment as a request. Only files that every run enters count."""


def files_entered(databases: SqliteDatabases, urls: Sequence[str]) -> list[int]:
    """Return how many files of `app/` the requests enter, one after the other, in a new application."""
    files = FilesEntered()

    async def run(database_url: str) -> list[set[str]]:
        async with started(database_url) as application:
            entered = []
            for url in urls:
                with files.recording() as found:
                    assert (await ask(application, url)).status == 200, url
                entered.append(found)
            return entered

    with files.installed():
        runs = []
        for _ in range(RUNS):
            with databases.fresh("seeded") as url:
                runs.append(asyncio.run(run(url)))
    return [len(set.intersection(*found)) for found in zip(*runs, strict=True)]


def stated(pattern: str) -> int:
    """Return a number in the text of the architecture page."""
    text = " ".join((ROOT / "docs/explanation/architecture.md").read_text("utf-8").split())
    found = re.search(pattern, text)
    assert found is not None, pattern
    return int(found[1])


def test_a_first_read_enters_no_more_files_than_the_architecture_page_states(
    sqlite_databases: SqliteDatabases,
) -> None:
    first, loaded, again = files_entered(sqlite_databases, [OLD_LEVEL, LEVEL, LEVEL])
    assert first <= stated(r"first read of a level runs code in (\d+) files of `app/`") < 39
    assert loaded <= stated(r"in (\d+) if the release is in memory")
    assert again <= stated(r"the same read again in (\d+)")


def test_a_view_and_a_page_enter_no_more_files_than_the_architecture_page_states(
    sqlite_databases: SqliteDatabases,
) -> None:
    _, effective, page = files_entered(
        sqlite_databases, [LEVEL, f"{LEVEL}/effective", f"{LEVEL.removeprefix('/v1')}"]
    )
    assert effective <= stated(r"`effective` of a loaded release in (\d+)")
    assert page <= stated(r"page of the explorer in (\d+)")
