"""The page that gives a scheduled release another date, and what the page of releases says of corrections."""

from datetime import timedelta
from typing import Final

import pytest

from app.rubric.canonical import plain
from tests.api.publishing import BASE, HARDER, TIDIER
from tests.api.serving import NOW, Api
from tests.web.signing import Browser, form_of, key_of

DAY: Final = timedelta(days=1)
PAGE: Final = "/ladders/acme/releases"
FORM: Final = f"{PAGE}/2.0.0/reschedule"


@pytest.fixture
def api(empty_api: Api) -> Api:
    """1.0.0 is in force, 2.0.0 comes on 2 December."""
    empty_api.publish(BASE, "1.0.0", NOW - 9 * DAY)
    empty_api.publish(HARDER, "2.0.0", NOW - DAY, NOW + 10 * DAY)
    return empty_api


def signed_in(api: Api, *scopes: str) -> Browser:
    browser = Browser(api)
    assert browser.sign_in(key_of(api.key("Pat", *scopes))).status_code == 303
    return browser


def test_a_publisher_changes_the_date_with_a_form(api: Api) -> None:
    pat = signed_in(api, "publish")
    assert f'<a href="{FORM}">Change the date</a>' in pat.get(PAGE).text
    page = pat.get(FORM)
    assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store")
    assert "2.0.0 comes into force on 2 December 2026, 12:00 UTC." in page.text
    assert 'name="effective_from" required value="2026-12-02"' in page.text
    action, token = form_of(page.text, "sign-in")
    moved = pat.post(action, {"token": token, "effective_from": "2026-12-09", "reason": "Not ready."})
    assert (moved.status_code, moved.headers["location"]) == (303, f"{PAGE}#release:2.0.0")
    shown = pat.get(PAGE).text
    assert "Comes into force on 9 December 2026" in shown
    assert "the date was changed to 9 December 2026: " in shown
    (event,) = api.json("/v1/ladders/acme/releases/2.0.0")["events"]
    assert (event["effective_from"], event["reason"]) == ("2026-12-09T00:00:00Z", "Not ready.")


@pytest.mark.parametrize(
    ("date", "reason", "words"),
    [
        ("2026-11-20", "Earlier.", "2026-11-20T00:00:00Z is not in the future."),
        ("", "Later.", "New date: Write a date"),
        ("2026-12-09", " ", "Reason: Use 1 character or more."),
    ],
)
def test_a_date_that_cannot_be_is_shown_with_the_form_again(
    api: Api, date: str, reason: str, words: str
) -> None:
    pat = signed_in(api, "publish")
    action, token = form_of(pat.get(FORM).text, "sign-in")
    page = pat.post(action, {"token": token, "effective_from": date, "reason": reason})
    assert page.status_code == 422
    assert words in page.text
    assert f'value="{date}"' in page.text
    assert api.json("/v1/ladders/acme/releases/2.0.0")["effective_from"] == "2026-12-02T12:00:00Z"


def test_only_publishers_see_the_form_and_its_link(api: Api) -> None:
    anonymous, writer = Browser(api), signed_in(api, "write")
    for browser, status in ((anonymous, 401), (writer, 403)):
        assert "Change the date" not in browser.get(PAGE).text
        assert browser.get(FORM).status_code == status
        fields = {"token": "0" * 64, "effective_from": "2026-12-09", "reason": "Later."}
        assert browser.post(FORM, fields).status_code == status
    assert "events" not in api.json("/v1/ladders/acme/releases/2.0.0")


def test_a_form_from_elsewhere_is_refused(api: Api) -> None:
    pat = signed_in(api, "publish")
    action, token = form_of(pat.get(FORM).text, "sign-in")
    fields = {"token": token, "effective_from": "2026-12-09", "reason": "Later."}
    assert pat.post(action, fields, sec_fetch_site="cross-site").status_code == 403
    assert pat.post(action, fields | {"token": "0" * 64}).status_code == 403
    assert "events" not in api.json("/v1/ladders/acme/releases/2.0.0")


@pytest.mark.parametrize(("version", "status"), [("1.0.0", 409), ("9.9.9", 404)])
def test_only_a_scheduled_release_has_the_form(api: Api, version: str, status: int) -> None:
    page = signed_in(api, "publish").get(f"{PAGE}/{version}/reschedule")
    assert page.status_code == status


def test_the_page_and_the_timeline_say_what_a_release_corrects(api: Api) -> None:
    key = api.key("Pat", "write", "publish")
    body = {"corrects": "1.0.0", "document": plain(TIDIER)}
    assert api.client.post("/v1/ladders/acme/releases", json=body, headers=key).status_code == 201
    shown = api.client.get(PAGE).text
    assert "published 22 November 2026 · corrects 1.0.0</small>" in shown
    assert '<a href="/ladders/acme/diff?from=1.0.0&amp;to=2.0.0">What changed from 1.0.0</a>' in shown
    assert "corrects 1.0.0" in api.client.get("/v1/ladders/acme/releases/timeline.svg").text
