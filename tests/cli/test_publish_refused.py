"""Refusals of `ladder publish`: content, numbers, dates and options, each with a fix."""

from pathlib import Path

import pytest

from tests.cli.shell import SMALL, edit, ladder, releases


@pytest.mark.parametrize("number", [("--bump", "minor"), ("--version", "1.9.9")])
@pytest.mark.usefixtures("database")
def test_a_number_below_the_minimum_is_refused_with_the_reason(small: Path, number: tuple[str, str]) -> None:
    ladder("publish", small)
    ended = ladder("publish", edit(small, "Other."), *number)
    asked = "1.1.0" if number == ("--bump", "minor") else "1.9.9"
    assert (ended.code, ended.out, releases()) == (8, "", ["small@1.0.0"])
    assert ended.err.splitlines() == [
        (
            f"ladder: {asked} is lower than the changes since 1.0.0 require: the minimum is 2.0.0. "
            "Use it or a higher number, or give the reason for a lower one in `because`."
        ),
        "  expectation:l1--craft changed: asks-other.",
    ]


@pytest.mark.usefixtures("some_database")
def test_a_reason_without_a_lower_number_is_refused(small: Path) -> None:
    ladder("publish", small)
    ended = ladder("publish", edit(small, "Other."), "--because", "Only words.")
    assert (ended.code, releases()) == (2, ["small@1.0.0"])
    assert ended.err.splitlines()[0] == (
        "ladder: 2.0.0 is not below the minimum, 2.0.0, so it needs no reason. "
        "Leave `because` out, or choose a lower number."
    )


@pytest.mark.usefixtures("some_database")
def test_a_reason_must_say_something(small: Path) -> None:
    ended = ladder("publish", small, "--because", " ")
    message = "Invalid value for --because: Use at least one character that is not a space."
    assert (ended.code, ended.err.splitlines()[0]) == (2, f"ladder: {message}")


@pytest.mark.usefixtures("some_database")
def test_the_settings_can_forbid_a_lower_number(small: Path) -> None:
    ladder("publish", small)
    assert ladder("settings", "small", "--allow-lower-version", "no").code == 0
    ended = ladder("publish", edit(small, "Other."), "--bump", "minor", "--because", "Only words.")
    assert (ended.code, releases()) == (8, ["small@1.0.0"])
    assert "This ladder allows no lower one (setting `allow_lower_version`)." in ended.err


@pytest.mark.parametrize("version", ["1.0.0", "0.9.0"])
@pytest.mark.usefixtures("database")
def test_a_number_that_does_not_follow_is_a_conflict(small: Path, version: str) -> None:
    ladder("publish", small)
    ended = ladder("publish", edit(small, "Other."), "--version", version)
    assert (ended.code, ended.out, releases()) == (5, "", ["small@1.0.0"])
    assert ended.err == "ladder: The newest release of 'small' is 1.0.0. A new number must be greater.\n"


@pytest.mark.usefixtures("some_database")
def test_the_first_release_cannot_be_bumped(small: Path) -> None:
    ended = ladder("publish", small, "--bump", "minor")
    assert (ended.code, ended.err) == (
        5,
        "ladder: 'small' has no release, so there is no minor number to raise. The first release is 1.0.0.\n",
    )


@pytest.mark.usefixtures("some_database")
def test_the_greatest_number_cannot_be_raised(small: Path) -> None:
    ladder("publish", small, "--version", "1.0.999999999")
    ended = ladder("publish", edit(small, "Other."), "--bump", "patch")
    assert (ended.code, ended.err) == (
        5,
        "ladder: The newest release of 'small' is 1.0.999999999. No higher patch number exists.\n",
    )


@pytest.mark.parametrize(
    ("published_at", "message"),
    [
        (
            "2026-11-23",
            "published_at 2026-11-23T00:00:00Z is in the future. To schedule a release, set effective_from.",
        ),
        (
            "2026-11-21",
            (
                "published_at 2026-11-21T00:00:00Z is before that of the newest release, "
                "2026-11-22T12:00:00Z. Import releases oldest first."
            ),
        ),
    ],
)
@pytest.mark.usefixtures("some_database")
def test_history_is_imported_in_order(small: Path, published_at: str, message: str) -> None:
    ladder("publish", small)
    block = f"release: {{version: 1.1.0, published_at: {published_at}}}\n"
    small.write_text(block + SMALL.replace("works", "lasts"), encoding="utf-8")
    ended = ladder("publish", small)
    assert (ended.code, ended.err) == (2, f"ladder: {message}\n")


@pytest.mark.usefixtures("database")
def test_a_release_cannot_come_into_force_before_the_previous_one(small: Path) -> None:
    ladder("publish", small, "--effective-from", "2027-01-01T00:00:00+02:00")
    ended = ladder("publish", edit(small, "Other."), "--bump", "major")
    assert (ended.code, ended.err) == (
        2,
        (
            "ladder: effective_from 2026-11-22T12:00:00Z is before that of the previous release, 1.0.0. "
            "Choose 2026-12-31T22:00:00Z or later.\n"
        ),
    )


@pytest.mark.usefixtures("some_database")
def test_errors_prevent_a_publish_and_name_file_line_and_column(small: Path) -> None:
    small.write_text(SMALL.replace("competency: craft", "competency: kraft"), encoding="utf-8")
    ended = ladder("publish", small)
    assert (ended.code, ended.out, releases()) == (3, "", [])
    finding, last = ended.err.splitlines()
    assert finding.startswith(f"{small}:10:25: error: ")
    assert finding.endswith("[unknown-competency]")
    assert last == f"ladder: {small} was not published: 1 error, 0 warnings."


@pytest.mark.usefixtures("some_database")
def test_warnings_are_shown_and_do_not_prevent_a_publish(small: Path) -> None:
    small.write_text(SMALL + "scales:\n  - slug: idle\n    title: Idle\n", encoding="utf-8")
    ended = ladder("publish", small)
    assert (ended.code, releases()) == (0, ["small@1.0.0"])
    assert [line.rsplit(" ", 1)[1] for line in ended.err.splitlines()[:-1]] == [
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
            "Invalid value for --version: use either --bump or --version, not both",
        ),
        (("--bump", "huge"), "Invalid value for '--bump': 'huge' is not one of 'major', 'minor', 'patch'."),
        (
            ("--effective-from", "soon"),
            (
                "Invalid value for --effective-from: Write a date (2026-03-31, its first moment in UTC) "
                "or a time with its offset (2026-03-31T09:00:00Z)."
            ),
        ),
        (
            ("--effective-from", "2026-02-30"),
            "Invalid value for --effective-from: There is no such date or time; correct it.",
        ),
        (
            ("--notes", "\udcff"),
            (
                "Invalid value for --notes: Text must not contain half of a surrogate pair; "
                "write the whole character."
            ),
        ),
    ],
)
def test_an_invalid_option_is_refused_with_the_allowed_values(
    small: Path, options: tuple[str, ...], message: str
) -> None:
    ended = ladder("publish", small, *options)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        f"ladder: {message}",
        "Run `ladder --help`, or `ladder COMMAND --help`.",
    ]
