"""The page that publishes a draft: the checklist, the number, the date, and the page to confirm."""

import threading
from typing import Any, Final

import pytest
from httpx2 import Response

from tests.api.drafting import write_draft
from tests.api.publishing import ACME, BASE, CLEARER, HARDER, TIDIER, begun, logged
from tests.api.serving import NOW, Api, Clock, serve
from tests.rubric.drafts import draft
from tests.web.authors import Author, author, hidden, tokens, words
from tests.web.signing import Browser

PAGE: Final = "/ladders/acme@draft/publish"
RELEASES: Final = "/ladders/acme/releases"
BROKEN: Final = draft({"/expectations/0/step": "guru"})


def filled(person: Author, **fields: str) -> Response:
    """Open the form and send it, with some fields as they were shown."""
    page = person.get(PAGE).text
    shown = hidden(page.partition("<main")[2])
    chosen = page.partition('name="number" value="')[2].partition('"')[0]
    first = {"number": chosen, "other": "", "because": "", "when": "now", "effective_from": "", "do": "check"}
    return person.post(PAGE, {**shown, **first, **fields})


def confirmed(person: Author, page: Response, **fields: str) -> Response:
    """Confirm what a page shows."""
    assert page.status_code == 200, words(page.text)
    return person.post(PAGE, {**hidden(page.text.partition("<main")[2]), "do": "publish", **fields})


def releases(api: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.json(f"{ACME}/releases")["items"]
    return found


def test_a_draft_is_published_after_a_page_to_confirm(empty_api: Api) -> None:
    begun(empty_api, HARDER)
    pat = author(empty_api, "Pat", "publish")
    shown = pat.get(PAGE)
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "private, no-store")
    for said in (
        "The draft builds on 1.0.0.",
        "No errors.",
        "Nobody was asked for a review. This ladder does not need one.",
        "1 change since 1.0.0",
        "2.0.0, which suits the changes Expectations rise or change",
        "The changes need 2.0.0 or higher.",
    ):
        assert said in words(shown.text)
    assert "Engineer\n\n- Expects more: Quality</textarea>" in shown.text
    page = filled(pat, number="2.0.0", notes="Engineer\r\n\r\n- Expects more: Quality")
    for said in (
        "Publish 2.0.0?",
        "2.0.0 comes into force at once.",
        "It replaces 1.0.0, which stays readable.",
        "Expects more 1 change",
        "The draft and its review end.",
    ):
        assert said in words(page.text)
    assert len(releases(empty_api)) == 1
    done = confirmed(pat, page)
    assert (done.status_code, done.headers["location"]) == (303, f"{RELEASES}#release:2.0.0")
    newest = releases(empty_api)[0]
    assert (newest["version"], newest["status"]) == ("2.0.0", "in-force")
    assert newest["notes"] == "Engineer\n\n- Expects more: Quality"
    assert "The draft has no changes." in words(pat.get(PAGE).text)


def test_a_release_for_a_date_shows_the_time_zone_of_the_organisation(database_url: str) -> None:
    with serve(database_url, time_zone="Europe/Berlin") as api:
        begun(api, CLEARER)
        pat = author(api, "Pat", "publish")
        page = filled(
            pat, number="1.1.0", when="date", effective_from="2027-01-01", notes="Tips.\r\nRead them."
        )
        seen = words(page.text)
        assert "Schedule 1.1.0?" in seen
        assert "1.1.0 comes into force on 1 January 2027, 00:00 UTC (01:00 Europe/Berlin)." in seen
        assert "Until then, 1.0.0 stays in force." in seen
        assert confirmed(pat, page).status_code == 303
        newest = releases(api)[0]
        assert (newest["effective_from"], newest["status"]) == ("2027-01-01T00:00:00Z", "scheduled")
        assert newest["notes"] == "Tips.\nRead them."


def test_a_lower_number_needs_a_reason_which_readers_see(empty_api: Api) -> None:
    begun(empty_api, HARDER)
    pat = author(empty_api, "Pat", "publish")
    refused = filled(pat, number="1.1.0")
    assert refused.status_code == 422
    assert "1.1.0 is lower than these changes need. Say why, or choose 2.0.0." in words(refused.text)
    assert 'href="#because"' in refused.text
    page = filled(pat, number="other", other="1.0.5", because="Nobody is <affected>.")
    assert "The number is lower than the changes need (2.0.0). Readers see your reason." in words(page.text)
    assert confirmed(pat, page).status_code == 303
    newest = releases(empty_api)[0]
    assert (newest["version"], newest["minimum_version"], newest["because"]) == (
        "1.0.5",
        "2.0.0",
        "Nobody is <affected>.",
    )


def test_a_ladder_that_allows_no_lower_number_offers_none(empty_api: Api) -> None:
    begun(empty_api, HARDER)
    admin = {**empty_api.key("Adm", "admin"), "content-type": "application/merge-patch+json"}
    tag = empty_api.client.get(f"{ACME}/settings", headers=admin).headers["etag"]
    body = {"allow_lower_version": False}
    assert empty_api.client.patch(
        f"{ACME}/settings", json=body, headers={**admin, "if-match": tag}
    ).is_success
    pat = author(empty_api, "Pat", "publish")
    shown = pat.get(PAGE).text
    assert 'value="1.1.0"' not in shown
    assert 'name="because"' not in shown
    refused = filled(pat, number="1.1.0", because="I want it.")
    assert "1.1.0 is too low for these changes. Choose 2.0.0 or a higher number." in words(refused.text)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"number": "other", "other": "soon"}, "Use a number with three parts, such as 1.2.0."),
        ({"number": ""}, "Use a number with three parts, such as 1.2.0."),
        ({"when": "date"}, "Choose a date."),
        ({"when": "date", "effective_from": "2026-02-31"}, "There is no such date or time"),
        (
            {"when": "date", "effective_from": "2020-01-01"},
            "Choose a day after today.",
        ),
        ({"when": "then"}, "Choose when the release comes into force."),
        ({"number": "1.0.0"}, "1.0.0 is lower than these changes need."),
        ({"notes": "x" * 20_001}, "20000 characters"),
    ],
)
def test_a_form_with_errors_comes_back_as_it_was_typed(
    empty_api: Api, fields: dict[str, str], message: str
) -> None:
    begun(empty_api, HARDER)
    pat = author(empty_api, "Pat", "publish")
    sent = filled(pat, **{"notes": "My words.", **fields})
    assert sent.status_code in {409, 422}
    assert message in words(sent.text)
    assert fields.get("notes", "My words.") in sent.text
    assert len(releases(empty_api)) == 1


def test_back_brings_the_form_with_everything_that_was_typed(empty_api: Api) -> None:
    begun(empty_api, HARDER)
    pat = author(empty_api, "Pat", "publish")
    page = filled(pat, number="other", other="3.0.0", when="date", effective_from="2027-01-01", notes="Mine.")
    back = pat.post(PAGE, {**hidden(page.text.partition("<main")[2]), "do": "edit"})
    assert back.status_code == 200
    for shown in ('value="3.0.0"', 'value="2027-01-01"', ">\nMine.</textarea>", 'value="other" checked'):
        assert shown in back.text


def test_what_is_missing_stops_a_release(empty_api: Api) -> None:
    begun(empty_api, BROKEN)
    pat = author(empty_api, "Pat", "publish")
    page = pat.get(PAGE).text
    assert "1 error must be corrected first. Show the errors" in words(page)
    assert "The draft cannot be published yet." in words(page)
    assert 'href="/ladders/acme@draft/findings"' in page
    forced = pat.post(
        PAGE,
        {**tokens(pat.get(PAGE).text), **hidden(page), "number": "2.0.0", "when": "now", "do": "publish"},
    )
    assert forced.status_code in {409, 422, 403}
    assert len(releases(empty_api)) == 1


def test_a_required_review_must_be_approved_first(database_url: str) -> None:
    with serve(database_url, require_review=True) as api:
        begun(api, HARDER, "Ada")
        pat = author(api, "Pat", "publish", "review")
        assert "A review is needed, and nobody was asked for one yet. Ask for a review" in words(
            pat.get(PAGE).text
        )
        pat.fill("/ladders/acme/reviews/new", {"title": "Please"})
        assert "The draft is not approved yet. Open the review" in words(pat.get(PAGE).text)
        one = "/ladders/acme/reviews/1"
        form = hidden(pat.get(one).text.partition('id="decide"')[2])
        assert pat.post(one, {**form, "decision": "approve"}).status_code == 303
        assert "Approved by Pat. Open the review" in words(pat.get(PAGE).text)
        assert confirmed(pat, filled(pat, number="2.0.0")).status_code == 303
        assert [one["version"] for one in releases(api)] == ["2.0.0", "1.0.0"]


def test_a_double_click_publishes_once(empty_api: Api) -> None:
    begun(empty_api, HARDER)
    pat = author(empty_api, "Pat", "publish")
    page = filled(pat, number="2.0.0")
    answers: list[Response] = []
    clicks = [threading.Thread(target=lambda: answers.append(confirmed(pat, page))) for _ in range(2)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()
    assert [one.status_code for one in answers] == [303, 303]
    assert {one.headers["location"] for one in answers} == {f"{RELEASES}#release:2.0.0"}
    assert confirmed(pat, page).headers["location"] == f"{RELEASES}#release:2.0.0"
    assert [one["version"] for one in releases(empty_api)] == ["2.0.0", "1.0.0"]
    assert [action for (action,) in logged(empty_api, "action")].count("release.publish") == 1


def test_two_publishers_with_other_wishes_publish_once(empty_api: Api) -> None:
    begun(empty_api, HARDER)
    pat, pia = author(empty_api, "Pat", "publish"), author(empty_api, "Pia", "publish")
    one, other = filled(pat, number="2.0.0"), filled(pia, number="other", other="3.0.0")
    assert confirmed(pat, one).status_code == 303
    late = confirmed(pia, other)
    assert late.status_code == 409
    assert "This draft was published in the meantime, as 2.0.0." in words(late.text)
    assert [one["version"] for one in releases(empty_api)] == ["2.0.0", "1.0.0"]


def test_a_draft_that_was_edited_after_the_form_was_opened_is_not_published(empty_api: Api) -> None:
    begun(empty_api, HARDER)
    pat = author(empty_api, "Pat", "publish")
    page = filled(pat, number="2.0.0")
    write_draft(empty_api, draft({"/expectations/0/step": "expert", "/title": "Other"}))
    late = confirmed(pat, page)
    assert late.status_code == 409
    assert "Somebody has edited the draft since you opened this page." in words(late.text)
    assert len(releases(empty_api)) == 1


def test_a_newer_release_must_be_brought_into_the_draft_first(empty_api: Api) -> None:
    begun(empty_api, HARDER)
    empty_api.publish(TIDIER, "1.0.1", NOW)
    page = words(author(empty_api, "Pat", "publish").get(PAGE).text)
    assert "1.0.1 was published after this draft was begun." in page
    assert "The draft cannot be published yet." in page


def test_a_draft_can_correct_the_release_in_force_while_another_is_scheduled(empty_api: Api) -> None:
    empty_api.publish(BASE, "1.0.0", NOW)
    empty_api.publish(HARDER, "2.0.0", NOW, NOW.replace(year=2027))
    write_draft(empty_api, CLEARER)
    pat = author(empty_api, "Pat", "publish", "write")
    page = pat.get(PAGE)
    assert "Publish this draft as a correction of 1.0.0 instead" in words(page.text)
    url = f"{PAGE}?corrects=1.0.0"
    form = pat.get(url).text
    assert "Publish a correction of 1.0.0" in words(form)
    assert "1.1.0, which suits the changes" in words(form)
    sent = {**hidden(form.partition("<main")[2]), "number": "1.1.0", "when": "now", "do": "check"}
    shown = pat.post(url, sent)
    assert shown.status_code == 200, words(shown.text)
    assert "It corrects 1.0.0. The draft stays as it is." in words(shown.text)
    assert "2.0.0 lacks this correction" in words(shown.text)
    done = pat.post(url, {**hidden(shown.text.partition("<main")[2]), "do": "publish"})
    assert done.headers["location"] == f"{RELEASES}#release:1.1.0"
    assert [(one["version"], one.get("corrects")) for one in releases(empty_api)] == [
        ("2.0.0", None),
        ("1.1.0", "1.0.0"),
        ("1.0.0", None),
    ]
    assert pat.get(f"{PAGE}?corrects=9.9.9").status_code == 422
    assert pat.get(f"{PAGE}?corrects=latest").status_code == 422


def test_the_first_release_is_published_from_the_page(empty_api: Api) -> None:
    write_draft(empty_api, BASE, "Ada")
    pat = author(empty_api, "Pat", "publish")
    shown = words(pat.get(PAGE).text)
    assert "The draft is new." in shown
    assert "1.0.0, which suits the changes" in shown
    assert confirmed(pat, filled(pat)).headers["location"] == f"{RELEASES}#release:1.0.0"
    assert [one["version"] for one in releases(empty_api)] == ["1.0.0"]


def test_only_publishers_see_the_page(empty_api: Api, clock: Clock) -> None:
    begun(empty_api, HARDER)
    assert clock.moment == NOW
    assert Browser(empty_api).get(PAGE).status_code == 401
    for name, right in (("Rea", "read"), ("Wri", "write"), ("Rev", "review")):
        person = author(empty_api, name, right)
        assert person.get(PAGE).status_code == 403
        assert person.post(PAGE, {"do": "publish"}).status_code == 403
        never = person.get(PAGE.replace("acme", "never-was"))
        assert never.status_code == 403
    elsewhere = author(empty_api, "Els", "admin", ladders=("other",))
    assert elsewhere.get(PAGE).status_code == 403
    pat = author(empty_api, "Pat", "publish")
    assert pat.get("/ladders/acme/publish").headers["location"] == PAGE
    assert pat.get("/ladders/never-was@draft/publish").status_code == 404
    assert len(releases(empty_api)) == 1


def test_a_form_from_elsewhere_publishes_nothing(empty_api: Api) -> None:
    begun(empty_api, HARDER)
    pat = author(empty_api, "Pat", "publish")
    fields = {**hidden(filled(pat, number="2.0.0").text.partition("<main")[2]), "do": "publish"}
    assert pat.post(PAGE, fields, sec_fetch_site="cross-site").status_code == 403
    assert pat.post(PAGE, {**fields, "token": "0" * 64}).status_code == 403
    assert pat.post(PAGE, {**fields, "token": ""}).status_code == 403
    assert len(releases(empty_api)) == 1
