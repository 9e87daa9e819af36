"""The README's commands run as they stand against a served app, and print what the README shows.

A `text` block shows what the block before it prints. White space is the reader's alone and does not count; `…`
stands for anything that is left out.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import sync_playwright

from app import __version__
from tests.docs.pages import ROOT, Block, blocks, text_of

SERVED_AT: Final = "localhost:8000"
"""Where the README says that the app is."""
CHROMIUM: Final = shutil.which("chromium")
FLAGS: Final = ("--headless", "--no-sandbox", "--disable-background-networking", "--disable-component-update")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to run commands in, with the `ladder` command where a checkout has it."""
    place = tmp_path_factory.mktemp("readme")
    command = place / ".venv/bin/ladder"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m app "$@"\n', "utf-8")
    command.chmod(0o755)
    return place


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    """The variables of the reader's shell."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LADDER_")}
    settings = {"LADDER_DATABASE_URL": f"sqlite:///{folder}/ladder.db", "LADDER_METRICS": "off"}
    return {**kept, **settings, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}


@pytest.fixture(scope="module")
def host(folder: Path, environment: dict[str, str]) -> Iterator[str]:
    """Host and port of an app that was started on nothing, as `make serve` starts it."""
    command = [str(folder / ".venv/bin/ladder"), "serve", "--port", "0"]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, encoding="utf-8"
        ) as process,
    ):
        try:
            assert process.stdout is not None
            found = re.search(r"http://(\S+)/docs", process.stdout.readline() + process.stdout.readline())
            assert found, (folder / "log").read_text("utf-8")
            yield found[1]
        finally:
            process.terminate()


def shown(*languages: str, page: str = "README.md") -> list[tuple[Block, str]]:
    """Return each block of a page in one of these languages, with what it is said to print."""
    pairs = pairwise(blocks(text_of(page)))
    return [(one, two.text) for one, two in pairs if one.language in languages and two.language == "text"]


def test_all_code_but_the_ways_to_start_is_run() -> None:
    run = [block.text for block, _ in shown("sh", "python", "js")]
    code = [block.text for block in blocks(text_of("README.md")) if block.language != "text"]
    last_lines = [text.splitlines()[-1] for text in code if text not in run]
    assert last_lines == [
        "make serve",
        "docker run --rm --volume ladders:/data --publish 8000:8000 career-ladder-api",
        f"uvx --from dist/career_ladder_api-{__version__}-py3-none-any.whl career-ladder-api serve",
        "ladder serve",
    ]


def test_the_readme_is_short() -> None:
    assert len(text_of("README.md").splitlines()) < 180


def test_every_command_prints_what_is_shown(folder: Path, environment: dict[str, str], host: str) -> None:
    runners = {"sh": ["sh", "-c"], "python": [sys.executable, "-c"]}
    for block, expected in shown(*runners):
        command = [*runners[block.language], block.text.replace(SERVED_AT, host)]
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
        )
        assert is_shown(expected, done.stdout), f"{block.text}\nprints\n{done.stdout}\nnot\n{expected}"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize("page", ["README.md", "docs/tutorials/first-dashboard.md"])
def test_a_page_of_another_origin_reads_what_is_shown(host: str, page: str) -> None:
    (example,) = shown("js", page=page)
    script, expected = example[0].text.replace(SERVED_AT, host), example[1]
    # In a thread of its own: another test's browser may be at work in this one.
    with ThreadPoolExecutor(1) as thread:
        printed = thread.submit(printed_in_a_browser, script).result()
    assert is_shown(expected, "\n".join(printed)), printed


def printed_in_a_browser(script: str) -> list[str]:
    """Return the console output of a script on a page without an origin."""
    printed: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page()
        page.on("console", lambda message: printed.append(message.text))
        page.evaluate(f"async () => {{ {script} }}")
        browser.close()
    return printed


def is_shown(expected: str, printed: str) -> bool:
    """Return whether the expected text was printed, ignoring white space, with any text for each `…`."""
    pieces = (re.escape("".join(piece.split())) for piece in expected.split("…"))
    return re.fullmatch(".*".join(pieces), "".join(printed.split())) is not None
