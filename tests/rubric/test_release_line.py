"""The line of releases: the position of a new release, and the periods in force."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given

from app.errors import Conflict, Invalid
from app.rubric.release_line import Position, periods_in_force, position_of
from app.rubric.releases import (
    Bump,
    Event,
    Release,
    Version,
    base_of,
    corrected_by,
    in_force,
    standing_base_of,
    successor_of,
)
from tests.rubric.test_releases import MOMENTS, day, lines, made

INSTANT = timedelta(microseconds=1)


def number(text: str) -> Version:
    return Version.parse(text)


def built(*releases: tuple[str, int, str | None], gone: dict[str, int] | None = None) -> list[Release]:
    """Return releases in order of number, from their number, first day in force and base, in order of publication."""
    found = []
    for place, (version, effective, base) in enumerate(releases):
        at = (gone or {}).get(version)
        events = () if at is None else (Event("withdrawn", day(at), "Wrong."),)
        one = made(version, day(effective), *events)
        found.append(replace(one, id=place + 1, base=None if base is None else number(base)))
    return sorted(found, key=lambda one: one.version)


def corrections(line: list[Release], at: int, corrects: str) -> Position:
    return position_of("l", line, day(at), number(corrects))


SCHEDULED = built(("1.0.0", 1, None), ("2.0.0", 9, "1.0.0"))


def test_the_next_release_builds_on_the_greatest_number_that_is_not_withdrawn() -> None:
    line = built(("1.0.0", 1, None), ("1.1.0", 2, "1.0.0"), gone={"1.1.0": 3})
    position = position_of("l", line, day(4))
    assert (position.base, position.newest) == (line[0], number("1.1.0"))
    assert [position.has(number(text)) for text in ("1.0.1", "1.1.0", "1.1.1")] == [False, False, True]


def test_a_correction_builds_on_the_release_in_force_and_stays_below_the_scheduled_one() -> None:
    position = corrections(SCHEDULED, 5, "1.0.0")
    assert position.base == SCHEDULED[0]
    has = [position.has(number(text)) for text in ("1.0.0", "1.0.1", "1.99.0", "2.0.0", "2.0.1")]
    assert has == [False, True, True, False, False]


@pytest.mark.parametrize(("least", "fits"), [("patch", "1.0.1"), ("minor", "1.1.0"), ("major", "1.1.0")])
def test_a_correction_gets_the_minimum_number_or_the_greatest_that_fits(least: Bump, fits: str) -> None:
    assert corrections(SCHEDULED, 5, "1.0.0").fitting(least) == number(fits)


def test_a_correction_skips_the_numbers_of_withdrawn_releases() -> None:
    line = built(("1.0.0", 1, None), ("1.1.0", 2, "1.0.0"), ("2.0.0", 9, "1.1.0"), gone={"1.1.0": 3})
    assert corrections(line, 5, "1.0.0").fitting("minor") == number("1.2.0")


def test_without_a_free_number_a_correction_is_refused_with_a_fix() -> None:
    line = built(("1.0.0", 1, None), ("1.0.1", 9, "1.0.0"))
    detail = r"There is no free number between 1\.0\.0 and 1\.0\.1\. Withdraw 1\.0\.1, or wait until it is in force"
    with pytest.raises(Conflict, match=detail):
        corrections(line, 5, "1.0.0").fitting("patch")


@pytest.mark.parametrize(
    ("at", "corrects", "error", "detail"),
    [
        (5, "1.0.1", Invalid, r"There is no release 1\.0\.1 to correct\. Name the release in force\."),
        (5, "2.0.0", Conflict, r"2\.0\.0 is not in force, .* 1\.0\.0 is in force; correct that\."),
        (9, "1.0.0", Conflict, r"1\.0\.0 is not in force, .* 2\.0\.0 is in force; correct that\."),
        (9, "2.0.0", Conflict, r"No release is scheduled after 2\.0\.0, so it needs no correction\."),
    ],
)
def test_only_the_release_in_force_before_a_scheduled_one_can_be_corrected(
    at: int, corrects: str, error: type[Exception], detail: str
) -> None:
    with pytest.raises(error, match=detail):
        corrections(SCHEDULED, at, corrects)


def test_a_lower_number_is_refused_with_the_way_to_correct() -> None:
    with pytest.raises(
        Conflict, match=r"A new number must be greater\. To correct 1\.0\.0, set `corrects`\."
    ):
        position_of("l", SCHEDULED, day(5)).refuse(number("1.0.1"))
    with pytest.raises(Conflict, match=r"A new number must be greater\.$"):
        position_of("l", SCHEDULED, day(9)).refuse(number("1.0.1"))


def test_a_correction_comes_into_force_before_the_scheduled_release() -> None:
    position = corrections(SCHEDULED, 5, "1.0.0")
    position.refuse_date(day(9) - INSTANT)
    with pytest.raises(Invalid, match=r"so the correction would never be in force\."):
        position.refuse_date(day(9))


def test_predecessor_successor_and_correction_follow_the_base() -> None:
    line = built(("1.0.0", 1, None), ("2.0.0", 9, "1.0.0"), ("1.0.1", 5, "1.0.0"), ("2.1.0", 9, "2.0.0"))
    one, fixed, two, three = line
    assert [base_of(line, release) for release in line] == [None, one, one, two]
    assert [successor_of(line, release) for release in line] == [fixed, None, three, None]
    assert [corrected_by(line, release) for release in line] == [None, number("1.0.0"), None, None]


def test_a_withdrawn_base_is_passed_over_for_dates() -> None:
    line = built(("1.0.0", 1, None), ("1.1.0", 8, "1.0.0"), ("1.2.0", 9, "1.1.0"), gone={"1.1.0": 3})
    assert standing_base_of(line, line[2], day(2)) == line[1]
    assert standing_base_of(line, line[2], day(3)) == line[0]


@given(lines(), MOMENTS)
def test_at_each_moment_the_period_is_that_of_the_release_in_force(
    line: list[Release], moment: datetime
) -> None:
    end = max([moment, *(event.at for one in line for event in one.events)])
    periods = periods_in_force(line, end)
    edges = {edge for one in line for edge in (one.effective_from, *(event.at for event in one.events))}
    for at in {moment, *edges, *(edge - INSTANT for edge in edges)}:
        now = in_force(line, at)
        held = [
            version
            for version, spans in periods.items()
            if any(span.start <= at and (span.end is None or at < span.end) for span in spans)
        ]
        assert held == ([] if now is None else [now.version])


@given(lines(), MOMENTS)
def test_a_withdrawal_is_not_known_before_it_is_made(line: list[Release], moment: datetime) -> None:
    known = [replace(one, events=tuple(event for event in one.events if event.at <= moment)) for one in line]
    assert periods_in_force(line, moment) == periods_in_force(known, moment)
