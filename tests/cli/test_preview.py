"""`ladder preview`: serving files, reloading them at each save, and showing their errors."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import forked
from tests.api.process import eventually
from tests.cli.shell import SMALL, edit, ladder, surroundings
from tests.forked import Process

LEVEL = "/v1/ladders/small/expectations/l1--craft"


@dataclass(frozen=True)
class Previewed:
    """A running preview."""

    running: Process
    out: Path
    err: Path

    @property
    def printed(self) -> str:
        return self.out.read_text("utf-8")

    @property
    def base(self) -> str:
        found = re.search(r"^Preview: (http://\S+)/$", self.printed, re.MULTILINE)
        return "" if found is None else found[1]

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.base + path, trust_env=False, timeout=60)

    def json(self, path: str) -> Any:  # noqa: ANN401 - JSON is anything
        return self.get(path).json()

    def answers(self) -> bool:
        try:
            return bool(self.base) and self.get("/findings").status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def previewing(path: Path, folder: Path) -> Iterator[Previewed]:
    """A preview that answers; its terminal in files."""
    out, err = folder / "out.txt", folder / "err.txt"
    around = surroundings(LADDER_READ_ACCESS="key")
    running = forked.start(("preview", str(path), "--port", "0"), Path.cwd(), around, out, err)
    found = Previewed(running, out, err)
    try:
        eventually(found.answers, "the preview did not answer")
        yield found
    finally:
        running.kill()
        running.wait()


@pytest.fixture
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("terminal")


def test_a_save_is_served_and_findings_are_shown_with_the_last_version(small: Path, terminal: Path) -> None:
    with previewing(small, terminal) as preview:
        answer = preview.get(LEVEL)
        assert (answer.status_code, answer.json()["summary"]) == (200, "Writes code that works.")
        assert answer.headers["cache-control"] == "no-store"

        edit(small, "Writes code that lasts.")
        eventually(lambda: preview.json(LEVEL)["summary"] == "Writes code that lasts.", "not served anew")
        assert preview.json("/findings") == {"ladder": "small", "items": []}

        small.write_text(SMALL.replace("competency: craft", "competency: draft"), "utf-8")
        eventually(lambda: preview.json("/findings")["items"] != [], "the finding is not shown")
        (finding,) = [item for item in preview.json("/findings")["items"] if item["severity"] == "error"]
        assert finding["place"] == f"{small}:10:25"
        assert preview.json(LEVEL)["summary"] == "Writes code that lasts."
        page = preview.get("/")
        assert f"<code>{small}:10:25</code>" in page.text
        assert "This is the last version without errors." in page.text
        assert page.headers["cache-control"] == "no-store"
        assert f"{small}:10:25: error: " in preview.printed

        edit(small, "Mended.")
        eventually(lambda: preview.json(LEVEL)["summary"] == "Mended.", "not served once it is mended")
        preview.running.send_signal(signal.SIGINT)
        assert preview.running.wait(60) == 0
    assert preview.err.read_text("utf-8") == ""
    assert preview.printed.splitlines()[0] == "0 errors, 0 warnings: serving small."


def test_a_replaced_file_is_noticed(small: Path, terminal: Path) -> None:
    with previewing(small, terminal) as preview:
        for summary in ("One.", "Two.", "Three."):
            edit(small.with_name("small.yaml.swp"), summary).replace(small)
            eventually(lambda said=summary: preview.json(LEVEL)["summary"] == said, summary)


def test_a_folder_is_watched_and_the_first_sound_content_is_served(tmp_path: Path, terminal: Path) -> None:
    folder = tmp_path / "small"
    (folder / "levels").mkdir(parents=True)
    broken = folder / "ladder.yaml"
    broken.write_text("slug: small\ntitle: [\n", "utf-8")
    with previewing(folder, terminal) as preview:
        assert preview.json("/v1/ladders")["items"] == []
        assert preview.json("/findings")["ladder"] is None
        assert "Nothing is served yet. Correct the errors." in preview.get("/").text

        broken.write_text(SMALL, "utf-8")
        eventually(lambda: preview.get(LEVEL).status_code == 200, "not served once it is mended")
        (folder / "levels" / "more.yaml").write_text(
            "tips:\n  - slug: slow\n    title: Slowly\n    text: Slow.\n", "utf-8"
        )
        tips = "/v1/ladders/small/tips"
        eventually(lambda: len(preview.json(tips)["items"]) == 1, "a new file is not served")
        (folder / "levels" / "more.yaml").unlink()
        eventually(lambda: preview.json(tips)["items"] == [], "a file that is gone is still served")


def test_a_renamed_slug_removes_the_old_name(small: Path, terminal: Path) -> None:
    with previewing(small, terminal) as preview:
        small.write_text(SMALL.replace("slug: small", "slug: other"), "utf-8")
        eventually(lambda: preview.get("/v1/ladders/other").status_code == 200, "not served anew")
        assert preview.get("/v1/ladders/small").status_code == 404


def test_a_future_date_is_shown_as_in_force(small: Path, terminal: Path) -> None:
    block = "release:\n  version: 2.3.0\n  effective_from: 2999-01-01\n"
    small.write_text(block + SMALL, "utf-8")
    with previewing(small, terminal) as preview:
        assert preview.json("/v1/ladders/small")["release"] == "2.3.0"


def test_a_preview_creates_no_database(small: Path, terminal: Path) -> None:
    with previewing(small, terminal):
        assert [path.name for path in small.parent.iterdir()] == ["small.yaml"]


def test_a_missing_path_is_refused() -> None:
    ended = ladder("preview", "nowhere.yaml")
    assert (ended.code, ended.out) == (2, "")
    assert "'nowhere.yaml' does not exist" in ended.err
