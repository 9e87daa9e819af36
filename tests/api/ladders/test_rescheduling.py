"""Rescheduling: the date of a release that is not in force yet can be moved, on both engines."""

from datetime import timedelta
from typing import Final

import pytest

from tests.api.publishing import BASE, CLEARER, HARDER, logged
from tests.api.serving import NOW, Api, Clock, Json, problem

DAY: Final = timedelta(days=1)
RELEASES: Final = "/v1/ladders/acme/releases"


@pytest.fixture
def publisher(empty_api: Api) -> dict[str, str]:
    """The header of somebody who may publish; 1.0.0 is in force, 1.1.0 and 2.0.0 are scheduled."""
    empty_api.publish(BASE, "1.0.0", NOW - 9 * DAY)
    empty_api.publish(CLEARER, "1.1.0", NOW - 2 * DAY, NOW + 10 * DAY)
    empty_api.publish(HARDER, "2.0.0", NOW - DAY, NOW + 20 * DAY)
    return empty_api.key("pat", "publish")


def move(api: Api, key: dict[str, str], version: str, date: str) -> Json:
    body = {"kind": "rescheduled", "reason": "Later.", "effective_from": date}
    return api.client.post(f"{RELEASES}/{version}/events", json=body, headers=key)


def test_a_scheduled_release_comes_into_force_at_its_new_date(
    empty_api: Api, publisher: dict[str, str], clock: Clock
) -> None:
    answer = move(empty_api, publisher, "1.1.0", "2026-11-25")
    assert (answer.status_code, answer.json()["effective_from"]) == (201, "2026-11-25T00:00:00Z")
    assert answer.json()["events"] == [
        {
            "kind": "rescheduled",
            "at": "2026-11-22T12:00:00Z",
            "reason": "Later.",
            "effective_from": "2026-11-25T00:00:00Z",
        }
    ]
    assert empty_api.json(f"{RELEASES}/1.1.0") == answer.json()
    assert "deprecation" not in empty_api.client.get("/v1/ladders/acme@1.1.0").headers
    assert _in_force(empty_api) == ["1.0.0"]
    clock.moment = NOW + 3 * DAY
    empty_api.refresh()
    assert _in_force(empty_api) == ["1.1.0"]
    assert [one["version"] for one in empty_api.json(f"{RELEASES}?as_of=2026-11-24")["items"]] == ["1.0.0"]
    assert ("release.reschedule", "1.1.0") in logged(empty_api, "action", "target")


def test_the_last_rescheduling_counts(empty_api: Api, publisher: dict[str, str]) -> None:
    move(empty_api, publisher, "1.1.0", "2026-11-25")
    assert (
        move(empty_api, publisher, "1.1.0", "2026-12-05").json()["effective_from"] == "2026-12-05T00:00:00Z"
    )


@pytest.mark.parametrize(
    ("version", "date", "status", "detail"),
    [
        ("1.0.0", "2026-12-01", 409, "acme@1.0.0 came into force at 2026-11-13T12:00:00Z"),
        ("1.1.0", "2026-11-22", 422, "2026-11-22T00:00:00Z is not in the future."),
        ("1.1.0", "2027-01-01", 422, "2.0.0 builds on 1.1.0 and comes into force at 2026-12-12T12:00:00Z."),
        (
            "2.0.0",
            "2026-11-30",
            422,
            "acme@2.0.0 builds on 1.1.0, which comes into force at 2026-12-02T12:00:00Z.",
        ),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_the_reason(
    empty_api: Api, publisher: dict[str, str], version: str, date: str, status: int, detail: str
) -> None:
    before = empty_api.json(RELEASES)
    refused = problem(move(empty_api, publisher, version, date))
    assert refused[0] == status
    assert refused[2].startswith(detail)
    assert empty_api.json(RELEASES) == before


def test_a_date_belongs_to_a_rescheduling_and_to_nothing_else(
    empty_api: Api, publisher: dict[str, str]
) -> None:
    for body in (
        {"kind": "rescheduled", "reason": "Later."},
        {"kind": "withdrawn", "reason": "Wrong.", "effective_from": "2026-12-05"},
    ):
        answer = empty_api.client.post(f"{RELEASES}/1.1.0/events", json=body, headers=publisher)
        assert answer.status_code == 422


def _in_force(api: Api) -> list[str]:
    return [one["version"] for one in api.json(RELEASES)["items"] if one["status"] == "in-force"]
