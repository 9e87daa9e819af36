"""Deprecation and withdrawal over HTTP, and their headers on pinned responses."""

import gzip
from datetime import timedelta

import pytest

from app.rubric.releases import Event, Version
from tests.api.publishing import ACME, BASE, CLEARER, Json, logged
from tests.api.serving import NOW, PINNED, Api, Clock, problem, serve

RELEASES = f"{ACME}/releases"
EVENTS = f"{RELEASES}/1.0.0/events"
DAY = timedelta(days=1)
DEPRECATED = {
    "kind": "deprecated",
    "reason": "1.1.0 says it better.",
    "successor": "1.1.0",
    "sunset": "2027-06-30",
}
SINCE = "@1795348800"
"""The moment at which tests read, in seconds."""
ABOUT = f"<{RELEASES}/1.0.0>"
LINK = f'{ABOUT}; rel="deprecation"; type="application/json"'
SUNSET_LINK = f'{LINK}, {ABOUT}; rel="sunset"; type="application/json"'
PINNED_URLS = (f"{ACME}@1.0.0", f"{ACME}@1.0.0/levels/l5", f"{RELEASES}/1.0.0/content")


@pytest.fixture
def api(empty_api: Api) -> Api:
    """A service with two releases of a ladder."""
    empty_api.publish(BASE, "1.0.0", NOW - 2 * DAY)
    empty_api.publish(CLEARER, "1.1.0", NOW - DAY)
    return empty_api


@pytest.fixture
def publisher(api: Api) -> dict[str, str]:
    """The header of somebody who may publish."""
    return api.key("pat", "publish")


def _told(answer: Json) -> tuple[str | None, str | None, list[str]]:
    """Deprecation, Sunset, and the links that belong to them."""
    links = [link for link in answer.headers.get_list("link") if "deprecation" in link or "sunset" in link]
    return answer.headers.get("deprecation"), answer.headers.get("sunset"), links


def test_a_deprecation_shows_in_the_release_and_in_the_list(api: Api, publisher: dict[str, str]) -> None:
    answer = api.client.post(EVENTS, json=DEPRECATED, headers=publisher)
    assert (answer.status_code, answer.headers["location"]) == (201, f"{RELEASES}/1.0.0")
    assert answer.json()["events"] == [
        {
            "kind": "deprecated",
            "at": "2026-11-22T12:00:00Z",
            "reason": "1.1.0 says it better.",
            "successor": "1.1.0",
            "sunset": "2027-06-30T00:00:00Z",
        }
    ]
    read = api.client.get(f"{RELEASES}/1.0.0")
    assert (read.json(), read.json()["deprecated"]) == (answer.json(), True)
    assert read.headers["cache-control"].startswith("max-age=10,")
    items = api.json(RELEASES)["items"]
    assert [(item["version"], item["deprecated"]) for item in items] == [("1.1.0", False), ("1.0.0", True)]


def test_events_are_logged(api: Api, publisher: dict[str, str]) -> None:
    api.client.post(EVENTS, json=DEPRECATED, headers=publisher)
    api.client.post(EVENTS, json={"kind": "withdrawn", "reason": "Wrong."}, headers=publisher)
    assert logged(api, "who", "action", "ladder", "target", "detail") == [
        (
            "pat",
            "release.deprecate",
            "acme",
            "1.0.0",
            ('{"reason": "1.1.0 says it better.", "successor": "1.1.0", "sunset": "2027-06-30T00:00:00Z"}'),
        ),
        ("pat", "release.withdraw", "acme", "1.0.0", '{"reason": "Wrong."}'),
    ]


@pytest.mark.parametrize("path", PINNED_URLS)
def test_pinned_responses_change_only_their_deprecation_headers(
    api: Api, publisher: dict[str, str], path: str
) -> None:
    before = [api.client.get(path) for _ in range(2)][-1]
    assert _told(before) == (None, None, [])
    api.client.post(EVENTS, json=DEPRECATED, headers=publisher)
    api.refresh()
    hot, fresh = api.client.get(path), api.client.get(f"{path}?fields=title" if "@" in path else path)
    assert (hot.content, hot.headers["etag"]) == (before.content, before.headers["etag"])
    assert hot.headers["cache-control"] == before.headers["cache-control"] == PINNED
    told = (SINCE, "Wed, 30 Jun 2027 00:00:00 GMT", [SUNSET_LINK])
    assert _told(hot) == _told(fresh) == told
    assert [link for link in hot.headers.get_list("link") if link != SUNSET_LINK] == [before.headers["link"]]


@pytest.mark.parametrize("path", PINNED_URLS)
def test_a_304_carries_the_deprecation_headers(api: Api, publisher: dict[str, str], path: str) -> None:
    tag = api.client.get(path).headers["etag"]
    api.client.post(EVENTS, json={"kind": "deprecated", "reason": "Old."}, headers=publisher)
    api.refresh()
    for method in ("GET", "HEAD"):
        answer = api.client.request(method, path, headers={"if-none-match": tag})
        assert (answer.status_code, _told(answer)) == (304, (SINCE, None, [LINK]))


def test_compressed_and_head_responses_carry_the_deprecation_headers(
    api: Api, publisher: dict[str, str]
) -> None:
    path = f"{ACME}@1.0.0/document"
    plain = api.client.get(path)
    api.client.post(EVENTS, json={"kind": "deprecated", "reason": "Old."}, headers=publisher)
    api.refresh()
    for _ in range(2):  # made, then kept
        with api.client.stream("GET", path, headers={"accept-encoding": "gzip"}) as coded:
            assert _told(coded) == (SINCE, None, [LINK])
            assert gzip.decompress(b"".join(coded.iter_raw())) == plain.content
    assert _told(api.client.head(path)) == (SINCE, None, [LINK])


def test_a_withdrawal_keeps_the_first_deprecation_date(
    api: Api, clock: Clock, publisher: dict[str, str]
) -> None:
    api.client.post(EVENTS, json=DEPRECATED, headers=publisher)
    clock.moment = NOW + DAY
    answer = api.client.post(EVENTS, json={"kind": "withdrawn", "reason": "Wrong."}, headers=publisher)
    assert (answer.json()["status"], len(answer.json()["events"])) == ("withdrawn", 2)
    api.refresh()
    sunset = "Wed, 30 Jun 2027 00:00:00 GMT"
    assert _told(api.client.get(PINNED_URLS[0])) == (SINCE, sunset, [SUNSET_LINK])


def test_a_withdrawn_release_is_not_in_force(api: Api, publisher: dict[str, str]) -> None:
    assert api.json(ACME)["release"] == "1.1.0"
    path = f"{RELEASES}/1.1.0/events"
    api.client.post(path, json={"kind": "withdrawn", "reason": "Wrong."}, headers=publisher)
    api.refresh()
    assert (api.json(ACME)["release"], api.json(f"{ACME}@latest")["release"]) == ("1.0.0", "1.0.0")


def test_other_responses_carry_no_deprecation_headers(api: Api, publisher: dict[str, str]) -> None:
    path = f"{RELEASES}/1.1.0/events"
    api.client.post(path, json={"kind": "deprecated", "reason": "Old."}, headers=publisher)
    api.refresh()
    for url in (ACME, f"{ACME}@latest", f"{ACME}@1.0.0", RELEASES, f"{RELEASES}/1.1.0", "/v1/ladders"):
        assert _told(api.client.get(url)) == (None, None, []), url
    assert _told(api.client.get(f"{ACME}@1.1.0"))[0] == SINCE


def test_links_carry_the_prefix(database_url: str) -> None:
    with serve(database_url, Clock(), root_path="/career") as api:
        api.publish(BASE, "1.0.0", NOW - DAY)
        api.say("acme", "1.0.0", Event("deprecated", NOW, "Old."))
        for _ in range(2):
            (link,) = _told(api.client.get(f"/career{ACME}@1.0.0"))[2]
            assert link.startswith(f"</career{RELEASES}/1.0.0>")


def test_an_event_dated_by_a_faster_clock_is_shown_at_once(api: Api) -> None:
    api.say("acme", "1.0.0", Event("deprecated", NOW + DAY, "Old.", Version(1, 1, 0)))
    assert _told(api.client.get(PINNED_URLS[0]))[0] == "@1795435200"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (
            {"kind": "deprecated", "reason": "Old.", "sunset": "2026-11-21"},
            (
                "The sunset 2026-11-21T00:00:00Z is before the deprecation. "
                "Choose 2026-11-22T12:00:00Z or later."
            ),
        ),
        (
            {"kind": "withdrawn", "reason": "Old.", "sunset": "2027-06-30"},
            "A withdrawal takes effect at once and has no sunset. Leave it out, or deprecate the release.",
        ),
        (
            {"kind": "deprecated", "reason": "Old.", "successor": "9.0.0"},
            "9.0.0 cannot succeed 1.0.0. Name another release of 'acme'.",
        ),
    ],
)
def test_an_invalid_event_is_refused(api: Api, publisher: dict[str, str], body: Json, detail: str) -> None:
    assert problem(api.client.post(EVENTS, json=body, headers=publisher)) == (422, "invalid", detail)
    assert "events" not in api.json(f"{RELEASES}/1.0.0")


def test_a_release_can_be_withdrawn_only_once(api: Api, publisher: dict[str, str]) -> None:
    body = {"kind": "withdrawn", "reason": "Wrong."}
    assert api.client.post(EVENTS, json=body, headers=publisher).status_code == 201
    again = api.client.post(EVENTS, json=body, headers=publisher)
    assert problem(again) == (409, "conflict", "acme@1.0.0 has already been withdrawn.")


def test_an_unknown_release_is_not_found(api: Api, publisher: dict[str, str]) -> None:
    for version in ("9.0.0", "latest"):
        answer = api.client.post(f"{RELEASES}/{version}/events", json=DEPRECATED, headers=publisher)
        assert problem(answer)[:2] == (404, "not-found")


def test_events_need_the_publish_scope(api: Api) -> None:
    answer = api.client.post(EVENTS, json=DEPRECATED, headers=api.key("x", "write", "review"))
    assert problem(answer)[:2] == (403, "forbidden")
