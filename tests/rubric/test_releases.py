"""Release numbers, the line of releases, and which of them is in force at a moment."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rubric.releases import (
    FIRST,
    Bump,
    Event,
    Release,
    Version,
    end_of,
    in_force,
    latest,
    next_effective,
    rfc3339,
    start_of,
    status_of,
)

NUMBERS = st.builds(Version, *[st.integers(0, 999_999_999)] * 3)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=3650)).map(
    lambda passed: datetime(2020, 1, 1, tzinfo=UTC) + passed
)
EVENTS = st.builds(Event, st.sampled_from(["deprecated", "withdrawn"]), MOMENTS, st.just("Because."))
BUMPS: tuple[Bump, ...] = ("major", "minor", "patch")


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def made(version: str, effective_from: datetime, *events: Event) -> Release:
    return Release(1, "l", Version.parse(version), None, effective_from, effective_from, "0" * 64, events)


@st.composite
def lines(draw: st.DrawFn) -> list[Release]:
    """Releases of one ladder in order of number; dates and withdrawals at will."""
    versions = sorted(draw(st.sets(NUMBERS, max_size=6)))
    return [made(str(one), draw(MOMENTS), *draw(st.lists(EVENTS, max_size=2))) for one in versions]


@given(NUMBERS)
def test_a_number_reads_back_from_its_text(version: Version) -> None:
    assert Version.parse(str(version)) == version


@given(NUMBERS, NUMBERS)
def test_numbers_are_ordered_part_by_part(one: Version, other: Version) -> None:
    parts = (one.major, one.minor, one.patch), (other.major, other.minor, other.patch)
    assert (one < other, one == other, one > other) == (
        parts[0] < parts[1],
        parts[0] == parts[1],
        parts[0] > parts[1],
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.2",
        "1.2.3.4",
        "01.2.3",
        "1.2.03",
        "-1.2.3",
        "1.2.x",
        " 1.2.3",
        "1.2.3\n",
        "v1.2.3",
        "\u0661.2.3",
        "1.2.1000000000",
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a release number; write it as major\.minor\.patch"):
        Version.parse(text)


def test_a_number_is_not_compared_with_anything_else() -> None:
    with pytest.raises(TypeError):
        _ = FIRST < "1.0.1"


def test_a_bump_raises_its_part_and_clears_those_after_it() -> None:
    assert [str(Version(1, 2, 3).bumped(bump)) for bump in BUMPS] == ["2.0.0", "1.3.0", "1.2.4"]


@given(NUMBERS, st.sampled_from(BUMPS))
def test_a_bumped_number_is_greater(version: Version, bump: Bump) -> None:
    assert version.bumped(bump) > version


def test_of_two_that_hold_the_greater_number_is_in_force() -> None:
    line = [made("1.0.0", day(1)), made("1.1.0", day(1)), made("2.0.0", day(9))]
    assert in_force(line, day(5)) == line[1]
    assert latest(line, day(5)) == line[2]
    assert next_effective(line, day(5)) == day(9)


def test_a_release_holds_from_its_very_instant() -> None:
    line = [made("1.0.0", day(5))]
    assert in_force(line, day(5) - timedelta(microseconds=1)) is None
    assert in_force(line, day(5)) == line[0]
    assert next_effective(line, day(5)) is None


def test_a_withdrawal_counts_from_when_it_was_made() -> None:
    line = [made("1.0.0", day(1)), made("1.1.0", day(2), Event("withdrawn", day(4), "Wrong."))]
    instant = timedelta(microseconds=1)
    assert (in_force(line, day(4) - instant), in_force(line, day(4))) == (line[1], line[0])
    assert (latest(line, day(4) - instant), latest(line, day(4))) == (line[1], line[0])


def test_a_deprecation_takes_nothing_out_of_force() -> None:
    line = [made("1.0.0", day(1), Event("deprecated", day(2), "Old.", sunset=day(3)))]
    assert in_force(line, day(4)) == line[0]


def test_a_withdrawn_release_is_not_announced() -> None:
    line = [made("1.0.0", day(9), Event("withdrawn", day(2), "Wrong."))]
    assert (next_effective(line, day(1)), next_effective(line, day(2))) == (day(9), None)


def test_the_status_of_a_release_is_that_of_a_moment() -> None:
    old, standing, ahead, gone = (
        made("1.0.0", day(1)),
        made("1.1.0", day(2)),
        made("2.0.0", day(9)),
        made("1.2.0", day(2), Event("withdrawn", day(4), "Wrong.")),
    )
    standing, ahead = replace(standing, id=2), replace(ahead, id=3)
    releases = {"superseded": old, "in-force": standing, "scheduled": ahead, "withdrawn": gone}
    for status, release in releases.items():
        assert status_of(release, standing, day(5)) == status
    assert status_of(gone, gone, day(3)) == "in-force"
    assert status_of(ahead, None, day(9)) == "superseded"


def test_without_releases_nothing_is_in_force() -> None:
    assert (in_force((), day(1)), latest((), day(1)), next_effective((), day(1))) == (None, None, None)


@given(lines(), MOMENTS)
def test_what_is_in_force_is_the_greatest_that_holds_and_stands(
    line: list[Release], moment: datetime
) -> None:
    found = in_force(line, moment)
    for other in line:
        if other.effective_from <= moment and not other.withdrawn_at(moment):
            assert found is not None
            assert found.version >= other.version
    if found is not None:
        assert found.effective_from <= moment
        assert not found.withdrawn_at(moment)


@given(lines(), MOMENTS)
def test_the_order_in_which_releases_are_given_does_not_matter(line: list[Release], moment: datetime) -> None:
    turned = line[::-1]
    assert (in_force(turned, moment), latest(turned, moment)) == (
        in_force(line, moment),
        latest(line, moment),
    )


@given(lines(), MOMENTS)
def test_until_the_next_date_only_a_withdrawal_changes_what_is_in_force(
    line: list[Release], moment: datetime
) -> None:
    standing = [made(str(one.version), one.effective_from) for one in line]
    ahead = next_effective(standing, moment)
    until = datetime.max.replace(tzinfo=UTC) if ahead is None else ahead - timedelta(microseconds=1)
    assert in_force(standing, until) == in_force(standing, moment)


def test_a_date_means_its_first_moment_or_its_last() -> None:
    assert start_of(date(2026, 1, 5)) == day(5)
    assert end_of(date(2026, 1, 5)) == day(6) - timedelta(microseconds=1)


def test_a_moment_is_written_in_utc_without_a_fraction_where_it_has_none() -> None:
    abroad = datetime(2026, 1, 5, 1, tzinfo=timezone(timedelta(hours=1)))
    assert rfc3339(abroad) == "2026-01-05T00:00:00Z"
    assert rfc3339(abroad + timedelta(microseconds=10)) == "2026-01-05T00:00:00.000010Z"
