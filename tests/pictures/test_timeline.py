"""The history of a ladder: the status of its releases at a moment, and the timeline."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pictures.release_periods import Milestone, history_of
from app.pictures.timeline import MOST, draw_timeline
from app.rubric.release_line import Period
from app.rubric.releases import Event, Release, Version
from tests.pictures.drawn import SVG, Drawn
from tests.pictures.shapes import EVIL

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def release(number: int, published: int, effective: int | None = None, *events: Event) -> Release:
    return Release(
        id=number,
        ladder="acme",
        version=Version(number, 0, 0),
        notes=f"Notes {number}",
        published_at=day(published),
        effective_from=day(published if effective is None else effective),
        content_sha256="0" * 64,
        events=events,
    )


def correction(published: int, effective: int | None = None) -> Release:
    """Return 1.0.1, a correction of 1.0.0 after three releases."""
    late = release(4, published, effective)
    return replace(late, version=Version(1, 0, 1), base=Version(1, 0, 0))


def withdrawn(number: int) -> Event:
    return Event("withdrawn", day(number), "Wrong.")


def told(line: list[Release], at: int) -> list[tuple[str, str, list[tuple[int, int | None]]]]:
    """Return the version, status and first and last day in force of each release, newest first."""
    return [
        (one.version, one.status, [_days(period) for period in one.periods])
        for one in history_of(line, day(at))
    ]


def _days(period: Period) -> tuple[int, int | None]:
    return (period.start - FIRST).days, None if period.end is None else (period.end - FIRST).days


def test_each_release_ends_where_the_next_begins() -> None:
    line = [release(1, 0), release(2, 10, 20), release(3, 30, 90)]
    assert told(line, 40) == [
        ("3.0.0", "scheduled", [(90, None)]),
        ("2.0.0", "in-force", [(20, 90)]),
        ("1.0.0", "superseded", [(0, 20)]),
    ]


def test_a_withdrawn_release_ends_at_its_withdrawal_and_the_previous_one_continues() -> None:
    line = [release(1, 0), release(2, 10, 20, withdrawn(25))]
    assert told(line, 22) == [("2.0.0", "in-force", [(20, None)]), ("1.0.0", "superseded", [(0, 20)])]
    assert told(line, 40) == [
        ("2.0.0", "withdrawn", [(20, 25)]),
        ("1.0.0", "in-force", [(0, 20), (25, None)]),
    ]


def test_a_release_withdrawn_before_its_date_replaces_no_other() -> None:
    line = [release(1, 0), release(2, 10, 20, withdrawn(15))]
    assert told(line, 40) == [("2.0.0", "withdrawn", []), ("1.0.0", "in-force", [(0, None)])]


def test_a_correction_ends_when_the_scheduled_release_begins() -> None:
    line = [release(1, 0), correction(12), release(2, 10, 20)]
    assert told(line, 15) == [
        ("2.0.0", "scheduled", [(20, None)]),
        ("1.0.1", "in-force", [(12, 20)]),
        ("1.0.0", "superseded", [(0, 12)]),
    ]
    assert told(line, 25) == [
        ("2.0.0", "in-force", [(20, None)]),
        ("1.0.1", "superseded", [(12, 20)]),
        ("1.0.0", "superseded", [(0, 12)]),
    ]
    drawn = Drawn.of(draw_timeline("Acme", history_of(line, day(15)))).check()
    assert "corrects 1.0.0" in drawn.texts
    assert "1.0.1 in force, corrects 1.0.0, from 2026-01-13 to 2026-01-21" in drawn.told


def test_a_correction_whose_date_comes_after_that_of_the_scheduled_release_is_never_in_force() -> None:
    line = [release(1, 0), correction(12, 30), release(2, 10, 20)]
    assert told(line, 35) == [
        ("2.0.0", "in-force", [(20, None)]),
        ("1.0.1", "superseded", []),
        ("1.0.0", "superseded", [(0, 20)]),
    ]
    drawn = Drawn.of(draw_timeline("Acme", history_of(line, day(35)))).check()
    assert "1.0.1 replaced, corrects 1.0.0, never in force" in drawn.told


def test_a_deprecation_counts_from_its_date() -> None:
    line = [release(1, 0, None, Event("deprecated", day(5), "Old."))]
    assert [one.deprecated for at in (4, 5) for one in history_of(line, day(at))] == [False, True]


def test_the_description_lists_the_status_of_each_release() -> None:
    line = [release(1, 0), release(2, 100, 200), release(3, 300, 330), release(4, 350, 360, withdrawn(370))]
    drawn = Drawn.of(draw_timeline("Acme", history_of(line, day(320)))).check()
    assert drawn.title == "Acme: releases"
    assert drawn.told == (
        "4 releases, the newest first: 4.0.0 scheduled, from 2026-12-27; "
        "3.0.0 scheduled, from 2026-11-27 to 2026-12-27; 2.0.0 in force, from 2026-07-20 to 2026-11-27; "
        "1.0.0 replaced, from 2026-01-01 to 2026-07-20."
    )
    assert "2.0.0: in force, from 2026-07-20 to 2026-11-27. Notes 2" in drawn.hints
    assert [text for text in drawn.texts if text.endswith((".0.0", "force", "scheduled"))] == [
        *("4.0.0", "scheduled", "3.0.0", "scheduled", "2.0.0", "in force", "1.0.0"),
    ]


def test_the_status_of_a_release_is_shown_without_colour_too() -> None:
    line = [release(1, 0), release(2, 100, 200, withdrawn(210)), release(3, 220), release(4, 300, 330)]
    drawn = Drawn.of(draw_timeline("Acme", history_of(line, day(320)))).check()
    assert {"in force", "scheduled", "replaced", "withdrawn"} <= set(drawn.texts)
    bars = [one for one in drawn.root.iter(f"{SVG}rect") if one.attrib["height"] == "16"]
    assert [one.attrib.get("stroke-dasharray") for one in bars] == ["5 4", None, None, None, None]


def test_the_newest_releases_are_drawn_and_the_others_counted() -> None:
    line = [release(number + 1, number) for number in range(MOST + 5)]
    drawn = Drawn.of(draw_timeline("Acme", history_of(line, day(100)))).check()
    assert f"{MOST + 5}.0.0" in drawn.texts
    assert "5.0.0" not in drawn.texts
    assert "… and 5 earlier releases" in drawn.texts


def test_a_timeline_without_releases_says_so() -> None:
    assert Drawn.of(draw_timeline(EVIL, ())).check().told == "Nothing is published yet."


@pytest.mark.parametrize("span", [0, 1, 5, 20, 62, 63, 400, 1100, 40_000, 2_900_000])
def test_the_scale_fits_any_span_of_time(span: int) -> None:
    line = [release(1, 0), release(2, span)]
    drawn = Drawn.of(draw_timeline("Acme", history_of(line, day(span)))).check()
    marks = [box for box in drawn.boxes if box.bottom < 110 and box.text[:1].isdigit()]
    assert 0 < len(marks) < 12


@given(
    st.lists(
        st.builds(
            Milestone,
            version=st.sampled_from(["1.0.0", "999999999.999999999.999999999"]),
            status=st.sampled_from(["in-force", "scheduled", "superseded", "withdrawn"]),
            published_at=st.datetimes(timezones=st.just(UTC)),
            effective_from=st.datetimes(timezones=st.just(UTC)),
            periods=st.lists(
                st.builds(
                    Period,
                    start=st.datetimes(timezones=st.just(UTC)),
                    end=st.none() | st.datetimes(timezones=st.just(UTC)),
                ),
                max_size=3,
            ).map(tuple),
            corrects=st.none() | st.sampled_from(["1.0.0", "999999999.999999999.999999999"]),
            deprecated=st.booleans(),
            notes=st.none() | st.text(),
        ),
        max_size=6,
    ),
    st.text(min_size=1, max_size=200),
)
@settings(deadline=None)
def test_a_timeline_of_any_history_is_well_formed(milestones: list[Milestone], title: str) -> None:
    Drawn.of(draw_timeline(title, milestones)).check()
