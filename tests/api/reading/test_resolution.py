"""The release that a URL resolves to: in force, latest, pinned, withdrawn, scheduled or none. On both engines."""

from datetime import timedelta

import pytest

from app.rubric.ladder import Ladder
from app.rubric.releases import Event, Version
from tests.api.serving import NOW, PINNED, UNPINNED, Api, Clock, problem

DAY = timedelta(days=1)
HOME = "/v1/ladders/small"


def small(title: str) -> Ladder:
    return Ladder.model_validate({"slug": "small", "title": title})


def withdrawn(at: timedelta, successor: str | None = None) -> Event:
    follows = None if successor is None else Version.parse(successor)
    return Event("withdrawn", NOW + at, "It was wrong.", follows)


@pytest.fixture
def api(empty_api: Api) -> Api:
    """1.0.0, in force since three days ago; 1.1.0, since yesterday; 2.0.0, scheduled for tomorrow."""
    empty_api.publish(small("One"), "1.0.0", NOW - 3 * DAY)
    empty_api.publish(small("Two"), "1.1.0", NOW - 2 * DAY, NOW - DAY)
    empty_api.publish(small("Three"), "2.0.0", NOW - DAY, NOW + DAY)
    return empty_api


def read(api: Api, reference: str) -> str:
    body = api.json(f"/v1/ladders/{reference}")
    return f"{body['release']} {body['title']}"


def test_the_greatest_number_that_is_due_is_in_force(api: Api) -> None:
    assert read(api, "small") == "1.1.0 Two"


def test_latest_is_the_newest_release_even_if_it_is_not_in_force(api: Api) -> None:
    assert read(api, "small@latest") == "2.0.0 Three"


def test_every_release_can_be_read_by_number_even_before_its_date(api: Api) -> None:
    assert [read(api, f"small@{number}") for number in ("1.0.0", "1.1.0", "2.0.0")] == [
        "1.0.0 One",
        "1.1.0 Two",
        "2.0.0 Three",
    ]


def test_a_scheduled_release_comes_into_force_on_its_date(api: Api, clock: Clock) -> None:
    assert read(api, "small") == "1.1.0 Two"
    clock.moment = NOW + DAY
    api.refresh()
    assert read(api, "small") == "2.0.0 Three"


def test_a_withdrawn_release_is_neither_in_force_nor_latest_and_stays_readable(api: Api) -> None:
    before = api.client.get(f"{HOME}@1.1.0")
    api.say("small", "1.1.0", withdrawn(timedelta(0), "1.0.0"))
    api.say("small", "2.0.0", withdrawn(timedelta(0)))
    assert (read(api, "small"), read(api, "small@latest")) == ("1.0.0 One", "1.0.0 One")
    after = api.client.get(f"{HOME}@1.1.0")
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    assert after.headers["cache-control"] == PINNED


def test_a_withdrawal_slightly_in_the_future_takes_effect_when_due(api: Api, clock: Clock) -> None:
    api.say("small", "1.1.0", withdrawn(timedelta(seconds=2)))
    clock.moment = NOW + timedelta(seconds=3)
    api.refresh()
    assert read(api, "small") == "1.0.0 One"


def test_nothing_in_force_names_the_next_date(empty_api: Api) -> None:
    empty_api.publish(small("One"), "1.0.0", NOW - DAY, NOW + DAY)
    status, code, detail = problem(empty_api.client.get(HOME))
    assert (status, code) == (404, "nothing-in-force")
    assert "2026-11-23T12:00:00" in detail
    assert "small@latest" in detail
    assert read(empty_api, "small@latest") == "1.0.0 One"


def test_if_all_releases_are_withdrawn_none_is_in_force_or_latest(empty_api: Api) -> None:
    empty_api.publish(small("One"), "1.0.0", NOW - DAY)
    empty_api.say("small", "1.0.0", withdrawn(timedelta(0)))
    for reference in ("small", "small@latest"):
        assert problem(empty_api.client.get(f"/v1/ladders/{reference}"))[:2] == (404, "nothing-in-force")
    assert read(empty_api, "small@1.0.0") == "1.0.0 One"
    (item,) = empty_api.json("/v1/ladders")["items"]
    assert item == {"slug": "small", "title": "One", "language": "en", "links": {"self": HOME}}


@pytest.mark.parametrize(
    "number", ["1.0", "1", "01.0.0", "1.0.0.0", "v1.0.0", "9.9.9", "Latest", "", "@", "1.0.0-rc1"]
)
def test_an_unknown_release_is_not_found_and_the_error_lists_releases(api: Api, number: str) -> None:
    status, code, detail = problem(api.client.get(f"{HOME}@{number}"))
    assert (status, code) == (404, "not-found")
    assert detail.endswith("Newest releases: 2.0.0, 1.1.0, 1.0.0.")


def test_publishing_and_withdrawing_change_unpinned_urls_only(api: Api) -> None:
    unpinned, pinned = api.client.get(HOME), api.client.get(f"{HOME}@1.1.0")
    api.publish(small("Four"), "2.1.0", NOW, NOW + DAY)
    assert api.client.get(HOME).headers["etag"] == unpinned.headers["etag"]
    api.say("small", "1.1.0", withdrawn(timedelta(0)))
    assert api.client.get(HOME).headers["etag"] != unpinned.headers["etag"]
    assert api.client.get(f"{HOME}@1.1.0").headers["etag"] == pinned.headers["etag"]


def test_cache_lifetimes_of_responses(api: Api) -> None:
    held = {
        reference: api.client.get(f"/v1/ladders/{reference}").headers["cache-control"]
        for reference in ("small", "small@latest", "small@1.0.0")
    }
    assert held == {"small": UNPINNED, "small@latest": UNPINNED, "small@1.0.0": PINNED}
