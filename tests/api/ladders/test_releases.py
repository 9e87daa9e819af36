"""Releases of a ladder on both engines: their status, their events, and the one in force at a time."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from starlette.testclient import TestClient

from app.rubric.ladder import Ladder
from app.rubric.releases import Event, Version
from tests.api.serving import EXAMPLE, NETFLIX, NOW, PINNED, UNPINNED, Api, problem

DAY = timedelta(days=1)
HOME = "/v1/ladders/small"
_STANDING: Final = {
    "2026-02-28": [],
    "2026-03-01": ["1.0.0"],  # a date means its last moment
    "2026-03-01T08:59:59Z": [],
    "2026-03-01T09:00:00Z": ["1.0.0"],
    "2026-03-01T09:00:00.000Z": ["1.0.0"],
    "2026-03-01t09:00:00z": ["1.0.0"],
    "2026-03-01T10:00:00%2B01:00": ["1.0.0"],
    "2026-03-01T09:59:59%2B01:00": [],
    "2026-03-31": ["1.0.0"],
    "2026-03-31T23:59:59.999999Z": ["1.0.0"],
    "2026-04-01T00:00:00Z": ["1.1.0"],
    "2026-03-31T20:00:00-04:00": ["1.1.0"],
    "2026-04-10T11:59:59Z": ["1.1.0"],  # not yet withdrawn then
    "2026-04-10T12:00:00Z": ["1.0.0"],
    "2026-04-10": ["1.0.0"],
    "2026-11-22": ["1.0.0"],
    "2026-11-23T12:00:00Z": ["2.0.0"],
    "0001-01-01": [],
    "0001-01-01T00:00:00%2B14:00": [],
    "9999-12-31": ["2.0.0"],
    "9999-12-31T23:59:59-12:00": ["2.0.0"],
}
"""What was in force at each moment."""


def small(title: str) -> Ladder:
    return Ladder.model_validate({"slug": "small", "title": title})


@pytest.fixture
def api(empty_api: Api) -> Api:
    """1.0.0 of 1 March 09:00, 1.1.0 effective from 1 April 00:00 and withdrawn on 10 April, 2.0.0 ahead."""
    empty_api.publish(small("One"), "1.0.0", datetime(2026, 3, 1, 9, tzinfo=UTC))
    empty_api.publish(
        small("Two"), "1.1.0", datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    )
    empty_api.publish(small("Three"), "2.0.0", NOW - DAY, NOW + DAY)
    empty_api.say(
        "small",
        "1.1.0",
        Event("withdrawn", datetime(2026, 4, 10, 12, tzinfo=UTC), "It was wrong.", Version(1, 0, 0)),
    )
    empty_api.say(
        "small", "1.0.0", Event("deprecated", datetime(2026, 5, 1, tzinfo=UTC), "Old.", None, NOW + 30 * DAY)
    )
    return empty_api


def test_the_list_has_all_metadata_highest_number_first(api: Api) -> None:
    body = api.json(f"{HOME}/releases")
    hashes = [item.pop("content_sha256") for item in body["items"]]
    assert [len(digest) for digest in hashes] == [64, 64, 64]
    links = [item.pop("links") for item in body["items"]]
    assert links[1] == {
        "self": f"{HOME}/releases/1.1.0",
        "ladder": f"{HOME}@1.1.0",
        "content": f"{HOME}/releases/1.1.0/content",
        "predecessor": f"{HOME}/releases/1.0.0",
        "successor": f"{HOME}/releases/2.0.0",
    }
    said = {
        "kind": "withdrawn",
        "at": "2026-04-10T12:00:00Z",
        "reason": "It was wrong.",
        "successor": "1.0.0",
    }
    old = {
        "kind": "deprecated",
        "at": "2026-05-01T00:00:00Z",
        "reason": "Old.",
        "sunset": "2026-12-22T12:00:00Z",
    }
    assert body == {
        "ladder": "small",
        "links": {"self": f"{HOME}/releases", "timeline": f"{HOME}/releases/timeline.svg"},
        "items": [
            release(
                "2.0.0",
                "scheduled",
                "2026-11-21T12:00:00Z",
                "2026-11-23T12:00:00Z",
                [],
                deprecated=False,
                base="1.1.0",
            ),
            release(
                "1.1.0",
                "withdrawn",
                "2026-03-20T00:00:00Z",
                "2026-04-01T00:00:00Z",
                [said],
                deprecated=False,
                base="1.0.0",
            ),
            release(
                "1.0.0", "in-force", "2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z", [old], deprecated=True
            ),
        ],
    }


def release(
    version: str,
    status: str,
    published: str,
    effective: str,
    events: list[dict[str, str]],
    *,
    deprecated: bool,
    base: str | None = None,
) -> dict[str, object]:
    return {
        "ladder": "small",
        "version": version,
        "status": status,
        **({"base": base} if base else {}),
        "deprecated": deprecated,
        "published_at": published,
        "effective_from": effective,
        **({"events": events} if events else {}),
    }


def test_a_replaced_release_has_the_status_superseded(client: TestClient) -> None:
    assert client.get(f"{EXAMPLE}/releases/1.0.0").json()["status"] == "superseded"


def test_as_of_returns_the_release_in_force_at_that_time(api: Api) -> None:
    given = {moment: api.json(f"{HOME}/releases?as_of={moment}")["items"] for moment in _STANDING}
    assert {moment: [item["version"] for item in items] for moment, items in given.items()} == _STANDING


@pytest.mark.parametrize(
    "as_of",
    [
        "yesterday",
        "2026-3-1",
        "2026-02-30",
        "20260301",
        "2026-W10-1",
        "2026-060",
        "2026-03-01T09:00:00",
        "2026-03-01T09:00:00+01:00",
        "2026-03-01%2009:00:00Z",
        "2026-03-01T25:00:00Z",
        "2026-03-01T09:00:00%2B99:99",
        "1772355600",
        "",
        "\u0662\u0660\u0662\u0666-\u0660\u0663-\u0660\u0661",
    ],
)
def test_as_of_must_be_a_date_or_time(client: TestClient, as_of: str) -> None:
    answer = client.get(f"{NETFLIX}/releases?as_of={as_of}")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert [fault["parameter"] for fault in answer.json()["errors"]] == ["as_of"]


@pytest.mark.parametrize(
    ("ladder", "version"),
    [("netflix-engineering", "1.0.0"), ("example-engineering", "1.0.0"), ("example-engineering", "1.1.0")],
)
def test_content_is_canonical_json_with_the_hash_of_the_release(
    each_client: TestClient, ladder: str, version: str
) -> None:
    about = each_client.get(f"/v1/ladders/{ladder}/releases/{version}").json()
    answer = each_client.get(about["links"]["content"])
    assert hashlib.sha256(answer.content).hexdigest() == about["content_sha256"]
    assert answer.headers["cache-control"] == PINNED
    assert answer.json()["slug"] == ladder


def test_the_list_of_releases_belongs_to_the_ladder(client: TestClient) -> None:
    for path in ("releases", "releases/1.0.0", "releases/1.0.0/content"):
        status, code, detail = problem(client.get(f"{NETFLIX}@1.0.0/{path}"))
        assert (status, code) == (404, "not-found")
        assert detail.endswith("Use /v1/ladders/netflix-engineering/releases.")


@pytest.mark.parametrize("version", ["9.9.9", "latest", "1.0", "x"])
def test_an_unknown_release_is_refused_with_existing_numbers(client: TestClient, version: str) -> None:
    for path in (f"{EXAMPLE}/releases/{version}", f"{EXAMPLE}/releases/{version}/content"):
        status, code, detail = problem(client.get(path))
        assert (status, code) == (404, "not-found")
        assert detail.endswith("Newest releases: 1.1.0, 1.0.0.")
        assert "'latest'; write a number or 'latest'" not in detail


def test_the_metadata_of_a_release_can_change(client: TestClient) -> None:
    for path in (f"{NETFLIX}/releases", f"{NETFLIX}/releases/1.0.0"):
        assert client.get(path).headers["cache-control"] == UNPINNED
