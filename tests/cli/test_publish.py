"""`ladder publish`: numbers, dates, unchanged content, and the dry run."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from app.cli import main
from app.formats.bundle.reader import read_bundle
from app.rubric.canonical import canonical, content_sha256
from app.store.audit import Actor
from app.store.engine import writing
from app.store.publishing import PublishRequest, carry_out, plan_release
from app.store.revision import take_revision
from tests.cli.shell import NOW, SMALL, database_line, edit, ladder, releases
from tests.databases import opened

LATER = datetime(2026, 12, 1, tzinfo=UTC)


def _asking(asked: Event) -> Callable[[], datetime]:
    """A clock that tells when it is asked."""

    def clock() -> datetime:
        asked.set()
        return NOW

    return clock


@pytest.mark.usefixtures("database")
def test_a_first_publish_is_1_0_0_and_in_force_at_once(small: Path) -> None:
    ended = ladder("publish", small)
    assert (ended.code, ended.out, ended.err) == (
        0,
        "Published small@1.0.0, in force from 2026-11-22T12:00:00Z.\n",
        database_line(),
    )


@pytest.mark.usefixtures("database")
def test_json_has_all_fields_of_the_release(small: Path) -> None:
    ended = ladder("publish", small, "--notes", "First.", "--effective-from", "2026-12-01", "--json")
    assert (ended.code, ended.json) == (
        0,
        {
            "outcome": "published",
            "ladder": "small",
            "release": "1.0.0",
            "corrects": None,
            "minimum_version": None,
            "because": None,
            "notes": "First.",
            "published_at": "2026-11-22T12:00:00Z",
            "effective_from": "2026-12-01T00:00:00Z",
            "content_sha256": content_sha256(canonical(read_bundle(small).ladder)),
            "missing_in": [],
        },
    )


@pytest.mark.usefixtures("database")
def test_each_bump_makes_its_number_and_old_releases_stay_readable(small: Path) -> None:
    texts = {
        "1.0.0": "Writes code that works, and reads that of others",
        "1.0.1": "Writes code that works, and reads that of others.",
        "1.1.0": "Writes code that works, and reads all that of others.",
        "2.0.0": "Plans.",
    }
    ladder("publish", edit(small, texts["1.0.0"]))
    for bump, version in (("patch", "1.0.1"), ("minor", "1.1.0"), ("major", "2.0.0")):
        ended = ladder("publish", edit(small, texts[version]), "--bump", bump, now=LATER)
        assert ended.out == f"Published small@{version}, in force from 2026-12-01T00:00:00Z.\n"
    for version, text in texts.items():
        exported = ladder("export", f"small@{version}", "--format", "json").json
        assert exported["tracks"][0]["levels"][0]["expectations"][0]["summary"] == text
        assert exported["release"]["version"] == version


def test_the_second_of_two_publishes_builds_on_the_first(database: str, small: Path) -> None:
    """Neither the number nor the date is decided before it is one's turn."""
    ladder("publish", small)
    content = read_bundle(edit(small, "First.")).ladder
    asked, later = Event(), NOW + timedelta(seconds=1)
    edit(small, "Second.")
    with opened(database) as engine, ThreadPoolExecutor(1) as second:
        with writing(engine) as first:
            revision = take_revision(first)
            code = second.submit(main, ["publish", str(small)], clock=_asking(asked))
            assert not asked.wait(0.5)
            plan = plan_release(first, content, PublishRequest(later, "major"), require_review=False)
            assert str(carry_out(first, plan, Actor("ada"), later, revision).version) == "2.0.0"
        assert code.result(timeout=60) == 0
    assert (asked.is_set(), releases()) == (True, ["small@3.0.0"])


@pytest.mark.usefixtures("some_database")
def test_a_slow_clock_takes_the_date_of_the_newest_release(small: Path) -> None:
    ladder("publish", small, now=LATER)
    ended = ladder("publish", edit(small, "Other."), now=NOW)
    assert (ended.code, ended.out) == (0, "Published small@2.0.0, in force from 2026-12-01T00:00:00Z.\n")


@pytest.mark.usefixtures("some_database")
def test_a_number_can_be_given(small: Path) -> None:
    ladder("publish", small)
    ended = ladder("publish", edit(small, "Other."), "--version", "3.2.1")
    assert (ended.code, releases()) == (0, ["small@3.2.1"])


@pytest.mark.parametrize("options", [(), ("--bump", "major"), ("--version", "7.0.0"), ("--dry-run",)])
@pytest.mark.usefixtures("some_database")
def test_unchanged_content_makes_no_release(small: Path, options: tuple[str, ...]) -> None:
    ladder("publish", small)
    ended = ladder("publish", small, *options)
    assert (ended.code, ended.out, ended.err, releases()) == (
        4,
        "",
        f"Nothing to publish: small@1.0.0 already has this content.\n{database_line()}",
        ["small@1.0.0"],
    )


@pytest.mark.usefixtures("some_database")
def test_json_names_the_release_that_has_the_content_already(small: Path) -> None:
    first = ladder("publish", small, "--json").json
    ended = ladder("publish", small, "--json", now=LATER)
    assert (ended.code, ended.json) == (4, {**first, "outcome": "unchanged"})


@pytest.mark.usefixtures("database")
def test_a_dry_run_prints_the_release_and_writes_nothing(small: Path) -> None:
    ended = ladder("publish", small, "--dry-run")
    assert (ended.code, ended.out, releases()) == (
        0,
        "Would publish small@1.0.0, in force from 2026-11-22T12:00:00Z.\n",
        [],
    )


@pytest.mark.usefixtures("database")
def test_a_dry_run_finds_what_publishing_would_find(small: Path) -> None:
    ladder("publish", small)
    taken = SMALL.replace("slug: l1", "slug: l1\n        formerly: [l0]")
    small.write_text(taken, encoding="utf-8")
    rehearsed = ladder("publish", small, "--bump", "major", "--dry-run")
    done = ladder("publish", small, "--bump", "major")
    assert (rehearsed.code, rehearsed.err) == (done.code, done.err)
    assert done.code == 3
    assert "/levels/0/formerly: This level was first published as 'l1'" in done.err


@pytest.mark.usefixtures("database")
def test_a_release_block_brings_its_number_notes_and_dates(small: Path) -> None:
    block = (
        "release:\n  version: 2.3.4\n  notes: From before.\n"
        "  published_at: 2020-01-02T03:04:05Z\n  effective_from: 2020-02-01\n"
    )
    small.write_text(block + SMALL, encoding="utf-8")
    ended = ladder("publish", small, "--json").json
    del ended["content_sha256"]
    assert ended == {
        "outcome": "published",
        "ladder": "small",
        "release": "2.3.4",
        "corrects": None,
        "minimum_version": None,
        "because": None,
        "notes": "From before.",
        "published_at": "2020-01-02T03:04:05Z",
        "effective_from": "2020-02-01T00:00:00Z",
        "missing_in": [],
    }


@pytest.mark.usefixtures("some_database")
def test_a_number_asked_for_sets_the_release_block_aside(small: Path) -> None:
    block = "release: {version: 1.0.0, notes: Old notes., published_at: 2020-01-02}\n"
    small.write_text(block + SMALL, encoding="utf-8")
    ladder("publish", small)
    small.write_text(block + SMALL.replace("works", "lasts"), encoding="utf-8")
    ended = ladder("publish", small, "--bump", "major", "--notes", "New.", "--json").json
    assert (ended["release"], ended["notes"], ended["published_at"]) == (
        "2.0.0",
        "New.",
        "2026-11-22T12:00:00Z",
    )


@pytest.mark.usefixtures("database")
def test_a_lower_number_is_published_with_its_reason_and_keeps_it_in_an_export(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ladder("publish", small)
    ladder("export", "small", "--format", "json", "-o", tmp_path / "first.json")
    ended = ladder(
        "publish", edit(small, "Other."), "--version", "1.1.0", "--because", "The same in other words."
    )
    assert (ended.code, ended.out) == (
        0,
        (
            "Published small@1.1.0, in force from 2026-11-22T12:00:00Z.\n"
            "The minimum is 2.0.0. Reason for the lower number: The same in other words.\n"
        ),
    )
    ladder("export", "small", "-o", tmp_path / "second.yaml")
    assert "  because: The same in other words.\n" in (tmp_path / "second.yaml").read_text("utf-8")
    monkeypatch.setenv("LADDER_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.db")
    ladder("migrate")
    ladder("publish", tmp_path / "first.json")
    told = ladder("publish", tmp_path / "second.yaml", "--json").json
    assert (told["release"], told["minimum_version"], told["because"]) == (
        "1.1.0",
        "2.0.0",
        "The same in other words.",
    )


@pytest.mark.usefixtures("seeded")
def test_an_export_published_elsewhere_has_the_same_hash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("example-engineering@1.0.0", "example-engineering", "netflix-engineering"):
        ladder("export", name, "--format", "json", "-o", tmp_path / f"{name}.json")
        ladder("export", name, "-o", tmp_path / f"{name}.yaml")
    before = [ladder("publish", path, "--json").json for path in sorted(tmp_path.glob("*.*"))]
    monkeypatch.setenv("LADDER_DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.db")
    ladder("migrate")
    order = ("example-engineering@1.0.0.yaml", "example-engineering.json", "netflix-engineering.yaml")
    elsewhere = [ladder("publish", tmp_path / name, "--json").json for name in order]
    assert {item["outcome"] for item in before} == {"unchanged"}
    assert [{**item, "outcome": "unchanged"} for item in elsewhere] == [
        next(
            known
            for known in before
            if (known["ladder"], known["release"]) == (item["ladder"], item["release"])
        )
        for item in elsewhere
    ]


@pytest.mark.usefixtures("some_database")
def test_the_clock_decides_when_it_is_published(small: Path) -> None:
    assert ladder("publish", small, "--json", now=NOW).json["published_at"] == "2026-11-22T12:00:00Z"
