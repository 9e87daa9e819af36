"""`ladder publish --corrects`: in the database, on a server, and as history."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.formats.bundle.reader import read_bundle
from app.store.engine import reading
from app.store.maintenance.doctor import verify
from app.store.releases import find_releases
from tests.cli.service import Service
from tests.cli.shell import NOW, SMALL, Ended, edit, ladder
from tests.databases import Databases, opened


def scheduled(small: Path, *server: str) -> None:
    """Publish 1.0.0, and 2.0.0 for next year."""
    assert ladder("publish", small, *server).code == 0
    edit(small, "Writes code that lasts for years.")
    done = ladder("publish", small, "--version", "2.0.0", "--effective-from", "2027-01-01", *server)
    assert done.code == 0, done.err


def corrected(small: Path, *options: str) -> Ended:
    """Publish 1.0.0 with another title of its level as a correction."""
    small.write_text(SMALL.replace("title: Engineer\n", "title: Software engineer\n"), encoding="utf-8")
    return ladder("publish", small, "--corrects", "1.0.0", *options)


def test_the_release_in_force_is_corrected(database: str, small: Path) -> None:
    scheduled(small)
    done = corrected(small)
    assert (done.code, done.out) == (0, "Published small@1.1.0, in force from 2026-11-22T12:00:00Z.\n")
    assert done.err.startswith(
        "2.0.0 is scheduled and lacks: level:l1. "
        "Make these changes in the draft too, and publish it for the same date.\n"
    )
    (item,) = ladder("list", "--json").json["items"]
    assert (item["in_force"], item["latest"]) == ("1.1.0", "2.0.0")
    assert corrected(small).code == 4
    with opened(database) as engine, reading(engine) as connection:
        assert list(verify(connection)) == []


@pytest.mark.usefixtures("database")
def test_json_says_what_was_corrected_and_what_the_scheduled_release_lacks(small: Path) -> None:
    scheduled(small)
    planned = corrected(small, "--dry-run", "--json").json
    done = corrected(small, "--json").json
    assert (planned.pop("outcome"), done.pop("outcome")) == ("planned", "published")
    assert planned == done
    assert (done["release"], done["corrects"]) == ("1.1.0", "1.0.0")
    assert done["missing_in"] == [{"version": "2.0.0", "changes": ["level:l1"]}]


@pytest.mark.usefixtures("database")
def test_the_release_block_of_an_export_is_ignored_in_a_correction(small: Path, tmp_path: Path) -> None:
    scheduled(small)
    exported = tmp_path / "exported.yaml"
    ladder("export", "small@1.0.0", "--output", exported)
    text = exported.read_text(encoding="utf-8")
    exported.write_text(text.replace("title: Engineer\n", "title: Software engineer\n"), encoding="utf-8")
    done = ladder("publish", exported, "--corrects", "1.0.0")
    assert (done.code, done.out.split(",")[0]) == (0, "Published small@1.1.0"), done.err


@pytest.mark.usefixtures("database")
def test_what_does_not_fit_is_refused(small: Path) -> None:
    assert ladder("publish", small).code == 0
    refused = corrected(small)
    assert (refused.code, refused.out) == (5, "")
    assert refused.err.startswith("ladder: No release is scheduled after 1.0.0, so it needs no correction.")
    assert ladder("publish", small, "--corrects", "one").code == 2


def test_a_server_is_corrected_without_a_change_of_its_draft(service: Service, small: Path) -> None:
    server = ("--server", service.url)
    scheduled(small, *server)
    key = {"ada": service.key("ada", "admin")}
    before = service.get("/v1/ladders/small@draft", key["ada"])
    done = corrected(small, *server, "--json")
    assert (done.code, done.json["release"], done.json["corrects"]) == (0, "1.1.0", "1.0.0"), done.err
    assert done.json["missing_in"] == [{"version": "2.0.0", "changes": ["level:l1"]}]
    assert service.get("/v1/ladders/small@draft", key["ada"]).content == before.content
    again = corrected(small, *server)
    assert (again.code, again.err) == (4, "Nothing to publish: small@1.1.0 already has this content.\n")


def test_exported_history_keeps_the_bases_of_corrections(
    database: str, databases: Databases, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduled(small)
    corrected(small)
    files = []
    for version in ("1.0.0", "2.0.0", "1.1.0"):
        files.append(tmp_path / f"{version}.yaml")
        ladder("export", f"small@{version}", "--output", files[-1])
    blocks = [read_bundle(file).release for file in files]
    assert [block and block.corrects and str(block.corrects) for block in blocks] == [None, None, "1.0.0"]
    with databases.fresh("migrated") as url, opened(database) as one, opened(url) as other:
        monkeypatch.setenv("LADDER_DATABASE_URL", url)
        for file in files:
            done = ladder("publish", file, now=NOW + timedelta(days=100))
            assert done.code == 0, done.err
        with reading(one) as first, reading(other) as second:
            lines = [find_releases(connection, "small") for connection in (first, second)]
            facts = [[(one.version, one.base, one.content_sha256) for one in line] for line in lines]
            assert facts[0] == facts[1]
