"""The pages that say something about a release: another date, retirement, withdrawal; and corrections in the list."""

from datetime import timedelta
from typing import Final

import pytest

from app.rubric.canonical import plain
from tests.api.publishing import BASE, HARDER, TIDIER
from tests.api.serving import NOW, Api
from tests.web.authors import Author, author, tokens, words
from tests.web.signing import Browser

DAY: Final = timedelta(days=1)
PAGE: Final = "/ladders/acme/releases"
FORM: Final = f"{PAGE}/2.0.0/reschedule"


@pytest.fixture
def api(empty_api: Api) -> Api:
    """1.0.0 is in force, 2.0.0 comes on 2 December."""
    empty_api.publish(BASE, "1.0.0", NOW - 9 * DAY)
    empty_api.publish(HARDER, "2.0.0", NOW - DAY, NOW + 10 * DAY)
    return empty_api


def signed_in(api: Api, *scopes: str) -> Author:
    return author(api, "Pat", *scopes)


def test_a_publisher_changes_the_date_with_a_form(api: Api) -> None:
    pat = signed_in(api, "publish")
    assert f'<a href="{FORM}">Change the date</a>' in pat.get(PAGE).text
    page = pat.get(FORM)
    assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store")
    assert "2.0.0 comes into force on 2 December 2026, 12:00 UTC." in page.text
    assert 'type="date" value="2026-12-02"' in page.text
    moved = pat.fill(FORM, {"effective_from": "2026-12-09", "reason": "Not ready."})
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
        ("", "Later.", "Choose a date."),
        ("2026-12-09", " ", "Use 1 character or more."),
    ],
)
def test_a_date_that_cannot_be_is_shown_with_the_form_again(
    api: Api, date: str, reason: str, words: str
) -> None:
    pat = signed_in(api, "publish")
    page = pat.fill(FORM, {"effective_from": date, "reason": reason})
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
    fields = {**tokens(pat.get(FORM).text), "effective_from": "2026-12-09", "reason": "Later."}
    assert pat.post(FORM, fields, sec_fetch_site="cross-site").status_code == 403
    assert pat.post(FORM, fields | {"token": "0" * 64}).status_code == 403
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


def test_a_publisher_retires_a_release(api: Api) -> None:
    pat = signed_in(api, "publish")
    page = f"{PAGE}/1.0.0/retire"
    assert f'<a href="{page}">Retire</a>' in pat.get(PAGE).text
    shown = pat.get(page)
    assert "Readers of 1.0.0 are asked to move to another release." in words(shown.text)
    assert '<option value="2.0.0">2.0.0</option>' in shown.text
    sent = pat.fill(page, {"reason": "Too vague.", "successor": "2.0.0", "sunset": "2027-06-30"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{PAGE}#release:1.0.0")
    (event,) = api.json("/v1/ladders/acme/releases/1.0.0")["events"]
    assert {name: event[name] for name in ("kind", "reason", "successor", "sunset")} == {
        "kind": "deprecated",
        "reason": "Too vague.",
        "successor": "2.0.0",
        "sunset": "2027-06-30T00:00:00Z",
    }
    assert "Being retired since 22 November 2026: Too vague. Read 2.0.0 instead." in words(pat.get(PAGE).text)


def test_a_release_is_withdrawn_once_its_number_was_typed(api: Api) -> None:
    pat = signed_in(api, "publish")
    page = f"{PAGE}/1.0.0/withdraw"
    assert "Then no release is in force" in words(pat.get(page).text)
    assert "2.0.0 does not come into force on 2 December 2026" in words(
        pat.get(f"{PAGE}/2.0.0/withdraw").text
    )
    for number in ("", "2.0.0", "1.0"):
        refused = pat.fill(page, {"reason": "Wrong.", "number": number})
        assert (refused.status_code, "Type 1.0.0 to confirm." in words(refused.text)) == (422, True)
        assert 'value="Wrong."' in refused.text
    assert "events" not in api.json("/v1/ladders/acme/releases/1.0.0")
    sent = pat.fill(page, {"reason": "Wrong.", "number": " 1.0.0 ", "successor": ""})
    assert sent.status_code == 303
    assert api.json("/v1/ladders/acme/releases/1.0.0")["status"] == "withdrawn"
    assert pat.get(page).status_code == 409
    assert pat.fill(page, {"reason": "Again.", "number": "1.0.0"}).status_code in {403, 409}


@pytest.mark.parametrize("what", ["retire", "withdraw"])
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reason": ""}, "Use 1 character or more."),
        ({"reason": "x" * 20_001}, "20000 characters"),
        ({"reason": "Old.", "successor": "latest"}, "A release number is a text such as 1.2.0"),
        ({"reason": "Old.", "successor": "9.9.9"}, "9.9.9"),
    ],
)
def test_a_form_about_a_release_with_errors_comes_back(
    api: Api, what: str, fields: dict[str, str], message: str
) -> None:
    sent = signed_in(api, "publish").fill(f"{PAGE}/1.0.0/{what}", {"number": "1.0.0", **fields})
    assert sent.status_code in {404, 409, 422}
    assert message in words(sent.text)
    assert "events" not in api.json("/v1/ladders/acme/releases/1.0.0")


@pytest.mark.parametrize("what", ["retire", "withdraw"])
def test_only_publishers_retire_and_withdraw(api: Api, what: str) -> None:
    page = f"{PAGE}/1.0.0/{what}"
    anonymous, writer, reviewer = Browser(api), signed_in(api, "write"), author(api, "Rev", "review")
    elsewhere = author(api, "Els", "admin", ladders=("other",))
    for browser, status in ((anonymous, 401), (writer, 403), (reviewer, 403), (elsewhere, 403)):
        assert browser.get(page).status_code == status
        assert browser.post(page, {"reason": "No.", "number": "1.0.0"}).status_code == status
        assert f"/{what}" not in browser.get(PAGE).text
    pat = signed_in(api, "publish")
    fields = {**tokens(pat.get(page).text), "reason": "No.", "number": "1.0.0"}
    assert pat.post(page, fields, sec_fetch_site="cross-site").status_code == 403
    assert pat.post(page, fields | {"token": "0" * 64}).status_code == 403
    assert pat.get(f"{PAGE}/9.9.9/{what}").status_code == 404
    assert "events" not in api.json("/v1/ladders/acme/releases/1.0.0")
