"""`ladder deprecate`, `ladder withdraw` and `ladder settings`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.formats.bundle.reader import read_bundle
from app.store.drafts import save_draft
from app.store.engine import writing
from tests.cli.shell import NOW, edit, ladder
from tests.databases import opened

LATER = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.usefixtures("database")
def test_a_release_is_deprecated_and_then_withdrawn(small: Path) -> None:
    ladder("publish", small)
    ladder("publish", edit(small, "Other."))
    said = ladder(
        *("deprecate", "small@1.0.0", "--reason", "Old.", "--successor", "2.0.0", "--sunset", "2027-06-30")
    )
    assert (said.code, said.out, said.err) == (0, "Deprecated small@1.0.0.\n", "")
    assert ladder("withdraw", "small@2.0.0", "--reason", "Wrong.", "--json", now=LATER).json == {
        "ladder": "small",
        "release": "2.0.0",
        "kind": "withdrawn",
        "at": "2026-12-01T00:00:00Z",
        "reason": "Wrong.",
        "successor": None,
        "sunset": None,
        "effective_from": None,
    }
    (item,) = ladder("list", "--json", now=LATER + timedelta(days=1)).json["items"]
    assert (item["in_force"], item["latest"]) == ("1.0.0", "1.0.0")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ("withdraw", "small", "--reason", "Wrong."),
            2,
            "Invalid value for LADDER@VERSION: give the number of a release, such as acme@1.0.0",
        ),
        (
            ("withdraw", "small@one", "--reason", "Wrong."),
            2,
            (
                "Invalid value for LADDER@VERSION: 'one' is not a release number; "
                "write it as major.minor.patch, such as 1.2.0"
            ),
        ),
        (("withdraw", "small@9.0.0", "--reason", "Wrong."), 7, "There is no release small@9.0.0."),
        (("withdraw", "small@1.0.0", "--reason", " "), 2, "Invalid value for --reason: give a reason"),
        (("withdraw", "small@1.0.0"), 2, "Missing option '--reason'."),
        (
            ("deprecate", "small@1.0.0", "--reason", "Old.", "--successor", "1.0.0"),
            2,
            "1.0.0 cannot succeed 1.0.0. Name another release of 'small'.",
        ),
        (
            ("deprecate", "small@1.0.0", "--reason", "Old.", "--sunset", "2020-01-01"),
            2,
            (
                "The sunset 2020-01-01T00:00:00Z is before the deprecation. "
                "Choose 2026-11-22T12:00:00Z or later."
            ),
        ),
    ],
)
@pytest.mark.usefixtures("some_database")
def test_an_invalid_event_is_refused(
    small: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    ladder("publish", small)
    ended = ladder(*arguments)
    assert (ended.code, ended.out, ended.err.splitlines()[0]) == (code, "", f"ladder: {message}")


@pytest.mark.usefixtures("database")
def test_settings_are_shown_and_changed(small: Path) -> None:
    ladder("publish", small)
    assert ladder("settings", "small").out == (
        "visibility\tpublic\nrequire-review\tno (set by the server)\nallow-lower-version\tyes\n"
    )
    changed = ladder("settings", "small", "--visibility", "internal", "--require-review", "yes", "--json")
    assert changed.json == {
        "ladder": "small",
        "visibility": "internal",
        "require_review": True,
        "review_required": True,
        "review_required_by": "ladder",
        "allow_lower_version": True,
    }
    assert ladder("settings", "small", "--allow-lower-version", "no").out == (
        "visibility\tinternal\nrequire-review\tyes\nallow-lower-version\tno\n"
    )
    back = ladder("settings", "small", "--require-review", "default", "--json").json
    assert (back["visibility"], back["require_review"], back["review_required"]) == ("internal", None, False)


@pytest.mark.usefixtures("some_database")
def test_the_server_decides_if_the_ladder_has_no_setting(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ladder("publish", small)
    monkeypatch.setenv("LADDER_REQUIRE_REVIEW", "true")
    assert "require-review\tyes (set by the server)\n" in ladder("settings", "small").out
    assert "require-review\tno\n" in ladder("settings", "small", "--require-review", "no").out


@pytest.mark.usefixtures("some_database")
def test_a_ladder_that_is_not_there_has_no_settings() -> None:
    ended = ladder("settings", "nowhere")
    assert (ended.code, ended.err) == (
        7,
        "ladder: There is no ladder 'nowhere'. `ladder list` shows all ladders.\n",
    )


def test_a_file_needs_an_approval_of_its_content_or_a_reason(some_database: str, small: Path) -> None:
    ladder("publish", small)
    ladder("settings", "small", "--require-review", "yes")
    content = read_bundle(edit(small, "Other.")).ladder
    refused = ladder("publish", small)
    assert (refused.code, refused.err) == (
        5,
        (
            "ladder: 'small' needs an approved review before it can be published. "
            "Reviews are about the draft, and this content differs from it. Write it to the draft first.\n"
        ),
    )
    with opened(some_database) as engine, writing(engine) as connection:
        save_draft(connection, content, slug="small", expected=0, by="ada", at=NOW)
    again = ladder("publish", small)
    assert (again.code, again.err) == (
        5,
        (
            "ladder: 'small' needs an approved review before it can be published. No review is open. "
            "Open one and have it approved by someone who has not edited the draft.\n"
        ),
    )
    passed = ladder("publish", small, "--override-review", "The law changes tomorrow.")
    assert (passed.code, passed.out) == (0, "Published small@2.0.0, in force from 2026-11-22T12:00:00Z.\n")


@pytest.mark.usefixtures("database")
def test_a_scheduled_release_gets_another_date(small: Path) -> None:
    assert ladder("publish", small).code == 0
    edit(small, "Writes code that works well.")
    assert ladder("publish", small, "--version", "2.0.0", "--effective-from", "2027-01-01").code == 0
    moved = ladder("reschedule", "small@2.0.0", "--to", "2027-02-01", "--reason", "Not ready.", "--json")
    assert (moved.code, moved.json["kind"], moved.json["effective_from"]) == (
        0,
        "rescheduled",
        "2027-02-01T00:00:00Z",
    )
    refused = ladder("reschedule", "small@1.0.0", "--to", "2027-02-01", "--reason", "Late.")
    assert refused.code != 0
    assert "came into force at" in refused.err
