"""`ladder publish`: numbers, dates, what did not change, what is refused, and the rehearsal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.formats.bundle import read_bundle
from app.rubric.canonical import canonical, content_sha256
from tests.cli.shell import NOW, SMALL, ladder

LATER = datetime(2026, 12, 1, tzinfo=UTC)


def edit(path: Path, summary: str) -> Path:
    """The small ladder with another summary of its only expectation."""
    path.write_text(SMALL.replace("Writes code that works.", summary), encoding="utf-8")
    return path


def releases() -> list[str]:
    """The newest number of every ladder."""
    return [f"{item['ladder']}@{item['latest']}" for item in ladder("list", "--json").json["items"]]


@pytest.mark.usefixtures("database")
def test_a_first_publish_is_1_0_0_and_in_force_at_once(small: Path) -> None:
    ended = ladder("publish", small)
    assert (ended.code, ended.out, ended.err) == (
        0,
        "Published small@1.0.0, in force from 2026-11-22T12:00:00Z.\n",
        "",
    )


@pytest.mark.usefixtures("database")
def test_json_tells_all_of_the_release(small: Path) -> None:
    ended = ladder("publish", small, "--notes", "First.", "--effective-from", "2026-12-01", "--json")
    assert (ended.code, ended.json) == (
        0,
        {
            "outcome": "published",
            "ladder": "small",
            "release": "1.0.0",
            "notes": "First.",
            "published_at": "2026-11-22T12:00:00Z",
            "effective_from": "2026-12-01T00:00:00Z",
            "content_sha256": content_sha256(canonical(read_bundle(small).ladder)),
        },
    )


@pytest.mark.usefixtures("database")
def test_each_bump_makes_its_number_and_old_releases_stay_readable(small: Path) -> None:
    texts = {"1.0.0": "Writes code that works."}
    ladder("publish", small)
    for bump, version in (("patch", "1.0.1"), ("minor", "1.1.0"), ("major", "2.0.0")):
        texts[version] = f"Text of {version}."
        ended = ladder("publish", edit(small, texts[version]), "--bump", bump, now=LATER)
        assert ended.out == f"Published small@{version}, in force from 2026-12-01T00:00:00Z.\n"
    for version, text in texts.items():
        exported = ladder("export", f"small@{version}", "--format", "json").json
        assert exported["tracks"][0]["levels"][0]["expectations"][0]["summary"] == text
        assert exported["release"]["version"] == version


@pytest.mark.usefixtures("database")
def test_a_later_publish_names_its_number(small: Path) -> None:
    ladder("publish", small)
    ended = ladder("publish", edit(small, "Other."))
    assert (ended.code, ended.out, ended.err) == (
        5,
        "",
        "ladder: 'small' is at 1.0.0: name the new number, or say major, minor or patch.\n",
    )


@pytest.mark.usefixtures("database")
def test_a_number_may_be_given_outright(small: Path) -> None:
    ladder("publish", small)
    ended = ladder("publish", edit(small, "Other."), "--version", "3.2.1")
    assert (ended.code, releases()) == (0, ["small@3.2.1"])


@pytest.mark.parametrize("version", ["1.0.0", "0.9.0"])
@pytest.mark.usefixtures("database")
def test_a_number_that_does_not_follow_is_a_conflict(small: Path, version: str) -> None:
    ladder("publish", small)
    ended = ladder("publish", edit(small, "Other."), "--version", version)
    assert (ended.code, ended.out, releases()) == (5, "", ["small@1.0.0"])
    assert ended.err == "ladder: small is at 1.0.0 already: a new number must be greater than 1.0.0.\n"


@pytest.mark.usefixtures("database")
def test_there_is_nothing_to_bump_before_the_first_release(small: Path) -> None:
    ended = ladder("publish", small, "--bump", "minor")
    assert (ended.code, ended.err) == (
        5,
        "ladder: 'small' has no release whose minor number could be raised; the first is 1.0.0.\n",
    )


@pytest.mark.parametrize("options", [(), ("--bump", "major"), ("--version", "7.0.0"), ("--dry-run",)])
@pytest.mark.usefixtures("database")
def test_what_did_not_change_makes_no_release(small: Path, options: tuple[str, ...]) -> None:
    ladder("publish", small)
    ended = ladder("publish", small, *options)
    assert (ended.code, ended.out, ended.err, releases()) == (
        4,
        "",
        "Nothing to publish: small@1.0.0 has this content already.\n",
        ["small@1.0.0"],
    )


@pytest.mark.usefixtures("database")
def test_json_names_the_release_that_has_the_content_already(small: Path) -> None:
    first = ladder("publish", small, "--json").json
    ended = ladder("publish", small, "--json", now=LATER)
    assert (ended.code, ended.json) == (4, {**first, "outcome": "unchanged"})


@pytest.mark.usefixtures("database")
def test_a_dry_run_tells_and_writes_nothing(small: Path) -> None:
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
    assert done.code == 5


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
        "notes": "From before.",
        "published_at": "2020-01-02T03:04:05Z",
        "effective_from": "2020-02-01T00:00:00Z",
    }


@pytest.mark.usefixtures("database")
def test_a_number_asked_for_sets_the_release_block_aside(small: Path) -> None:
    block = "release: {version: 1.0.0, notes: Old notes., published_at: 2020-01-02}\n"
    small.write_text(block + SMALL, encoding="utf-8")
    ladder("publish", small)
    small.write_text(block + SMALL.replace("works", "lasts"), encoding="utf-8")
    ended = ladder("publish", small, "--bump", "patch", "--json").json
    assert (ended["release"], ended["notes"], ended["published_at"]) == (
        "1.0.1",
        None,
        "2026-11-22T12:00:00Z",
    )


@pytest.mark.parametrize(
    ("published_at", "message"),
    [
        (
            "2026-11-23",
            "published_at 2026-11-23T00:00:00+00:00 lies ahead: a date ahead is an effective_from.",
        ),
        (
            "2026-11-21",
            (
                "published_at 2026-11-21T00:00:00+00:00 lies before that of the newest release, "
                "2026-11-22T12:00:00+00:00: bring history along oldest first."
            ),
        ),
    ],
)
@pytest.mark.usefixtures("database")
def test_history_is_told_in_order(small: Path, published_at: str, message: str) -> None:
    ladder("publish", small)
    block = f"release: {{version: 1.1.0, published_at: {published_at}}}\n"
    small.write_text(block + SMALL.replace("works", "lasts"), encoding="utf-8")
    ended = ladder("publish", small)
    assert (ended.code, ended.err) == (2, f"ladder: {message}\n")


@pytest.mark.usefixtures("database")
def test_a_release_does_not_hold_before_the_one_it_follows(small: Path) -> None:
    ladder("publish", small, "--effective-from", "2027-01-01T00:00:00+02:00")
    ended = ladder("publish", edit(small, "Other."), "--bump", "minor")
    assert (ended.code, ended.err) == (
        2,
        (
            "ladder: effective_from 2026-11-22T12:00:00+00:00 lies before that of 1.0.0, which it follows: "
            "choose 2026-12-31T22:00:00+00:00 or later.\n"
        ),
    )


@pytest.mark.usefixtures("database")
def test_findings_stop_it_and_name_file_line_and_column(small: Path) -> None:
    small.write_text(SMALL.replace("competency: craft", "competency: kraft"), encoding="utf-8")
    ended = ladder("publish", small)
    assert (ended.code, ended.out, releases()) == (3, "", [])
    finding, last = ended.err.splitlines()
    assert finding.startswith(f"{small}:10:25: error: ")
    assert finding.endswith("[unknown-competency]")
    assert last == f"ladder: {small} was not published: 1 error, 0 warnings."


@pytest.mark.usefixtures("database")
def test_warnings_are_shown_and_do_not_stop_it(small: Path) -> None:
    small.write_text(SMALL + "scales:\n  - slug: idle\n    title: Idle\n", encoding="utf-8")
    ended = ladder("publish", small)
    assert (ended.code, releases()) == (0, ["small@1.0.0"])
    assert [line.rsplit(" ", 1)[1] for line in ended.err.splitlines()] == [
        "[scale-without-steps]",
        "[unused-scale]",
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("--version", "1.0"),
            (
                "Invalid value for --version: '1.0' is not a release number; "
                "write it as major.minor.patch, such as 1.2.0"
            ),
        ),
        (
            ("--version", "1.0.0", "--bump", "major"),
            "Invalid value for --version: say one of --bump and --version, not both",
        ),
        (("--bump", "huge"), "Invalid value for '--bump': 'huge' is not one of 'major', 'minor', 'patch'."),
        (
            ("--effective-from", "soon"),
            (
                "Invalid value for --effective-from: Write a date (2026-03-31, its first moment in UTC) "
                "or a time with its offset (2026-03-31T09:00:00Z)"
            ),
        ),
        (
            ("--effective-from", "2026-02-30"),
            "Invalid value for --effective-from: There is no such date or time; mend it",
        ),
    ],
)
def test_a_wrong_option_says_what_is_right(small: Path, options: tuple[str, ...], message: str) -> None:
    ended = ladder("publish", small, *options)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        f"ladder: {message}",
        "Run `ladder --help`, or `ladder COMMAND --help`.",
    ]


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


@pytest.mark.usefixtures("database")
def test_the_clock_decides_when_it_is_published(small: Path) -> None:
    assert ladder("publish", small, "--json", now=NOW).json["published_at"] == "2026-11-22T12:00:00Z"
