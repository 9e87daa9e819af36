"""Headers of deprecations and withdrawals, which are added when a pinned answer is sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from app.rubric.releases import Event, Release, Version
from app.serving.releases.deprecation_headers import Headers, announced, notices_of

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)
QUIET: Final = Release(1, "acme", Version(1, 0, 0), None, NOW - DAY, NOW - DAY, "a" * 64)
OLD: Final = Event("deprecated", NOW, "Old.", sunset=datetime(2027, 6, 30, tzinfo=UTC))
WRONG: Final = Event("withdrawn", NOW + DAY, "Wrong.")
ABOUT: Final = b"</v1/ladders/acme/releases/1.0.0>"
DEPRECATION: Final = (b"deprecation", b"@1795348800")
SUNSET: Final = (b"sunset", b"Wed, 30 Jun 2027 00:00:00 GMT")
LINK: Final = ABOUT + b'; rel="deprecation"; type="application/json"'
BOTH: Final = LINK + b", " + ABOUT + b'; rel="sunset"; type="application/json"'


@pytest.mark.parametrize(
    ("events", "headers"),
    [
        ((), None),
        ((OLD,), (DEPRECATION, SUNSET, (b"link", BOTH))),
        ((replace(OLD, sunset=None),), (DEPRECATION, (b"link", LINK))),
        ((OLD, WRONG), (DEPRECATION, SUNSET, (b"link", BOTH))),
        ((WRONG,), ((b"deprecation", b"@1795435200"), (b"link", LINK))),
        (
            (OLD, replace(OLD, at=NOW + DAY, sunset=datetime(2028, 1, 1, tzinfo=UTC))),
            (DEPRECATION, (b"sunset", b"Sat, 01 Jan 2028 00:00:00 GMT"), (b"link", BOTH)),
        ),
    ],
)
def test_a_deprecated_or_withdrawn_release_has_headers(
    events: tuple[Event, ...], headers: Headers | None
) -> None:
    release = replace(QUIET, events=events)
    assert notices_of([release]) == ({} if headers is None else {release.identity: headers})


def test_an_answer_has_the_headers_of_the_first_release_with_events() -> None:
    old, older = replace(QUIET, events=(OLD,)), replace(QUIET, version=Version(0, 9, 0), events=(OLD,))
    notices = notices_of([QUIET, old, older])
    assert announced(notices, (), "") == ()
    assert announced(notices, ("other@1.0.0#b",), "") == ()
    found = announced(notices, ("other@1.0.0#b", old.identity, older.identity), "")
    assert found == (DEPRECATION, SUNSET, (b"link", BOTH))


def test_link_targets_begin_with_the_root_path() -> None:
    release = replace(QUIET, events=(OLD,))
    name, link = announced(notices_of([release]), (release.identity,), "/career")[-1]
    assert (name, link) == (b"link", BOTH.replace(b"</v1", b"</career/v1"))
