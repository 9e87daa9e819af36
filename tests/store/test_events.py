"""Events of a release after publishing, and the release in force then."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app.errors import Conflict, Invalid, NotFound
from app.rubric.releases import Event, Version, in_force, latest, next_effective
from app.store.engine import reading, writing
from app.store.releases import append_event, find_releases
from tests.store.samples import day, release, say, small

DEPRECATED = Event("deprecated", day(3), "Old.\n ", Version(1, 1, 0), day(30))
WITHDRAWN = Event("withdrawn", day(4), "Wrong.")


def test_events_come_back_with_their_release_in_order(engine: Engine) -> None:
    first = release(engine, small())
    release(engine, small(title="Two"), "1.1.0", published=day(2))
    say(engine, first, DEPRECATED)
    say(engine, first, WITHDRAWN)
    with reading(engine) as connection:
        found = find_releases(connection)
    assert [made.events for made in found] == [(DEPRECATED, WITHDRAWN), ()]


def test_a_release_can_be_deprecated_again(engine: Engine) -> None:
    made = release(engine, small())
    events = (Event("deprecated", day(2), "Old."), Event("deprecated", day(3), "Very old."))
    for event in events:
        say(engine, made, event)
    with reading(engine) as connection:
        assert find_releases(connection)[0].events == events


def test_a_release_can_be_withdrawn_only_once(engine: Engine) -> None:
    made = release(engine, small())
    say(engine, made, WITHDRAWN)
    with pytest.raises(Conflict, match=r"small@1\.0\.0 has already been withdrawn"):
        say(engine, made, WITHDRAWN)


def test_an_event_cannot_be_older_than_its_release(engine: Engine) -> None:
    made = release(engine, small(), published=day(2))
    with pytest.raises(Invalid, match=r"small@1\.0\.0 was published after 2026-01-01T00:00:00Z"):
        say(engine, made, Event("withdrawn", day(1), "Too early."))


def test_an_event_cannot_be_older_than_the_one_before(engine: Engine) -> None:
    made = release(engine, small())
    say(engine, made, Event("deprecated", day(3), "Old."))
    with pytest.raises(Invalid, match=r"Date the new event 2026-01-03T00:00:00Z or later"):
        say(engine, made, Event("withdrawn", day(2), "Wrong."))


def test_an_event_cannot_be_in_the_future(engine: Engine) -> None:
    made = release(engine, small())
    with (
        pytest.raises(Invalid, match=r"2026-01-03T00:00:00Z is in the future\. An event of small@1\.0\.0"),
        writing(engine) as connection,
    ):
        append_event(connection, made, Event("deprecated", day(3), "Old."), now=day(2))


@pytest.mark.parametrize("successor", [Version(1, 0, 0), Version(9, 0, 0)], ids=str)
def test_a_successor_is_another_release_of_the_ladder(engine: Engine, successor: Version) -> None:
    made = release(engine, small())
    with pytest.raises(Invalid, match=r"cannot succeed 1\.0\.0\. Name another release of 'small'"):
        say(engine, made, Event("deprecated", day(2), "Old.", successor))


def test_an_unknown_release_cannot_get_events(engine: Engine) -> None:
    made = release(engine, small())
    gone = type(made)(made.id, "other", made.version, None, day(1), day(1), made.content_sha256)
    with pytest.raises(NotFound, match=r"other@1\.0\.0"):
        say(engine, gone, WITHDRAWN)


def test_the_release_in_force_follows_dates_and_withdrawals(engine: Engine) -> None:
    release(engine, small(), effective=day(5))
    second = release(engine, small(title="Two"), "1.1.0", published=day(6), effective=day(10))
    say(engine, second, Event("withdrawn", day(12), "Wrong."))
    with reading(engine) as connection:
        line = find_releases(connection, "small")
    instant = timedelta(microseconds=1)
    moments = {
        day(5) - instant: (None, "1.1.0", day(5)),
        day(5): ("1.0.0", "1.1.0", day(10)),
        day(10) - instant: ("1.0.0", "1.1.0", day(10)),
        day(10): ("1.1.0", "1.1.0", None),
        day(12) - instant: ("1.1.0", "1.1.0", None),
        day(12): ("1.0.0", "1.0.0", None),
    }
    for moment, (holds, newest, ahead) in moments.items():
        found = [made and str(made.version) for made in (in_force(line, moment), latest(line, moment))]
        assert (moment, *found, next_effective(line, moment)) == (moment, holds, newest, ahead)
