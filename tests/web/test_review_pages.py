"""The pages of reviews: asking for one, commenting on changes, deciding, and what changed since somebody looked."""

import re
from datetime import timedelta
from html import unescape
from typing import Final

import pytest

from app.rubric.canonical import plain
from tests.api.publishing import ACME, HARDER, begun, logged, sha
from tests.api.serving import Api, Clock
from tests.rubric.drafts import draft
from tests.web.authors import Author, author, hidden, tokens, words
from tests.web.signing import Browser, form_of, key_of

PAGE: Final = "/ladders/acme/reviews"
ONE: Final = f"{PAGE}/1"
RETITLED: Final = {"title": "Senior engineer II"}


@pytest.fixture
def api(empty_api: Api) -> Api:
    """1.0.0 is in force. Ada has edited the draft and asks for a review of it."""
    begun(empty_api, HARDER, "Ada")
    sent = author(empty_api, "Ada", "write").fill(
        f"{PAGE}/new", {"title": "More for L5", "description": "Look at *quality*."}
    )
    assert (sent.status_code, sent.headers["location"]) == (303, ONE)
    return empty_api


def decide(person: Author, decision: str, text: str = "") -> str:
    """Send a decision about what the page shows, and return what the person sees then."""
    form = hidden(person.get(ONE).text.partition("decide")[2])
    sent = person.post(ONE, {**form, "decision": decision, "text": text})
    assert sent.status_code == 303, words(sent.text)
    assert sent.headers["location"].startswith(f"{ONE}#entry-")
    return words(person.get(ONE).text)


def edit(api: Api, path: str, patch: dict[str, str], by: str = "Ada") -> None:
    """Edit the draft as somebody."""
    key = {**api.key(by, "write"), "content-type": "application/merge-patch+json"}
    tag = api.client.get(f"{ACME}@draft{path}", headers=key).headers["etag"]
    assert api.client.patch(f"{ACME}@draft{path}", json=patch, headers={**key, "if-match": tag}).is_success


def test_a_review_goes_from_a_request_to_an_approval(api: Api) -> None:
    rev = author(api, "Rev", "review")
    assert "More for L5 waiting for review Review 1, opened by Ada on 22 November 2026" in words(
        rev.get(PAGE).text
    )
    page = rev.get(ONE)
    assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store")
    assert "<em>quality</em>" in page.text
    for shown in ("Nobody has approved this content yet.", "Changes since 1.0.0", "Step Novice → Expert"):
        assert shown in words(page.text)
    seen = decide(rev, "approve", "Clear and fair.")
    for shown in (
        "More for L5 approved",
        "Approved by Rev",
        "Rev approved, 22 November 2026 Clear and fair.",
    ):
        assert shown in seen
    key = api.key("Rev", "review")
    review = api.client.get(f"{ACME}/reviews/1", headers=key).json()
    assert (review["status"], review["entries"][0]["content_sha256"]) == ("approved", sha(HARDER))


def test_a_comment_is_shown_below_the_change_that_it_is_about(api: Api) -> None:
    rev = author(api, "Rev", "review")
    page = rev.get(ONE).text
    article = page.partition("<article")[2].partition("</article>")[0]
    form = hidden(article)
    assert form["target"] == "expectation:l4--quality"
    sent = rev.post(ONE, {**form, "do": "comment", "text": "Say <why>."})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{ONE}#entry-1")
    article = rev.get(ONE).text.partition("<article")[2].partition("</article>")[0]
    assert "Say <why>. Rev, 22 November 2026" in words(f"<main>{article}")
    rev.fill(ONE, {"do": "comment", "text": "In general, good."})
    seen = words(rev.get(ONE).text)
    assert "Rev commented, 22 November 2026 In general, good." in seen
    assert "Rev commented, 22 November 2026 · about" in seen


def test_what_changed_since_somebody_looked_is_marked(api: Api) -> None:
    rev = author(api, "Rev", "review")
    assert "since you last looked" not in words(rev.get(ONE).text)
    assert "Nothing has changed since you last looked." in decide(rev, "request-changes", "More, please.")
    edit(api, "/levels/l5", RETITLED, "Bea")
    seen = words(rev.get(ONE).text)
    assert "Changed since you last looked , by Bea, last on 22 November 2026." in seen
    assert "Changes 1 to 2 of 2" in seen
    assert seen.count("Changed since you looked") == 1
    only = words(rev.get(f"{ONE}?only=new").text)
    assert "Changes 1 to 1 of 1" in only
    assert "Senior engineer II" in only
    assert "Quality" not in only


def test_a_whole_draft_that_was_saved_again_is_to_be_read_again(api: Api) -> None:
    rev = author(api, "Rev", "review")
    decide(rev, "request-changes")
    key = api.key("Ada", "write")
    tag = api.client.get(f"{ACME}@draft/document", headers=key).headers["etag"]
    body = plain(draft({"/expectations/0/step": "expert", "/title": "ACME"}))
    sent = api.client.put(f"{ACME}@draft/document", json=body, headers={**key, "if-match": tag})
    assert sent.is_success, sent.text
    assert "The whole draft was saved at once, so please read all changes again." in words(rev.get(ONE).text)


def test_a_decision_is_about_the_content_that_was_shown(api: Api) -> None:
    rev = author(api, "Rev", "review")
    form = hidden(rev.get(ONE).text.partition("decide")[2])
    edit(api, "/levels/l5", RETITLED)
    refused = rev.post(ONE, {**form, "decision": "approve", "text": "Fine."})
    assert refused.status_code == 409
    seen = words(refused.text)
    assert "The draft has changed since you opened this page." in seen
    assert "Changed since you last looked , by Ada" in seen
    assert ">\nFine.</textarea>" in refused.text
    again = hidden(refused.text.partition("decide")[2])
    assert again["content_sha256"] != form["content_sha256"]
    assert rev.post(ONE, {**again, "decision": "approve", "text": "Fine."}).status_code == 303
    assert "Approved by Rev" in words(rev.get(ONE).text)


def test_the_approval_of_an_author_does_not_count(api: Api) -> None:
    ada = author(api, "Ada", "review")
    seen = decide(ada, "approve")
    assert "Nobody has approved this content yet." in seen
    assert "or by the same person: the approval by Ada" in seen


def test_who_opened_a_review_can_withdraw_it_and_open_another(api: Api) -> None:
    ada, rev = author(api, "Ada", "write"), author(api, "Rev", "review")
    assert "The draft has an open review: More for L5" in words(ada.get(f"{PAGE}/new").text)
    assert "Withdraw the review" not in rev.get(ONE).text
    assert rev.fill(ONE, {"do": "withdraw"}).status_code == 403
    assert ada.fill(ONE, {"do": "withdraw"}).status_code == 303
    page = words(ada.get(ONE).text)
    assert "More for L5 withdrawn" in page
    assert "closed on 22 November 2026" in page
    assert "Your decision" not in words(rev.get(ONE).text)
    assert ada.fill(f"{PAGE}/new", {"title": "Again"}).headers["location"] == f"{PAGE}/2"
    acts = [action for (action,) in logged(api, "action") if action.startswith("review")]
    assert acts == [
        "review.open",
        "review.close",
        "review.open",
    ]


@pytest.mark.parametrize(
    ("fields", "status", "message"),
    [
        ({"title": " "}, 422, "Use 1 character or more."),
        ({"title": "x" * 201}, 422, "200 characters"),
        ({"title": "Fine", "description": "x" * 20_001}, 422, "20000 characters"),
        ({}, 422, "This is missing."),
    ],
)
def test_a_request_with_errors_comes_back_as_it_was_typed(
    empty_api: Api, fields: dict[str, str], status: int, message: str
) -> None:
    begun(empty_api, HARDER, "Ada")
    sent = author(empty_api, "Ada", "write").fill(f"{PAGE}/new", fields)
    assert sent.status_code == status
    assert message in words(sent.text)
    for text in fields.values():
        assert text in sent.text


def test_a_decision_must_be_chosen_and_a_comment_must_say_something(api: Api) -> None:
    rev = author(api, "Rev", "review")
    page = rev.get(ONE).text
    for fields in ({"do": "decide"}, {"do": "dance"}, {}):
        sent = rev.post(ONE, {**tokens(page), **fields})
        assert sent.status_code == 422
        assert "Choose whether to approve or to ask for changes." in words(sent.text)
    empty = rev.post(ONE, {**tokens(page), "do": "comment", "text": ""})
    assert (empty.status_code, "Use 1 character or more." in words(empty.text)) == (422, True)
    nothing = rev.post(ONE, {**tokens(page), "do": "comment", "text": "So.", "target": "level:l99"})
    assert (nothing.status_code, "never had it" in words(nothing.text)) == (422, True)
    assert rev.get(f"{PAGE}/2").status_code == 404


def test_rights_decide_who_sees_reviews_and_what_they_can_do(api: Api) -> None:
    elsewhere, reader = author(api, "Eve", "admin", ladders=("other",)), author(api, "Rea", "read")
    publisher, writer = author(api, "Pat", "publish"), author(api, "Wri", "write")
    form = tokens(writer.get(ONE).text)
    for path in (PAGE, f"{PAGE}/new", ONE):
        assert Browser(api).get(path).status_code == 401
        for person in (elsewhere, reader):
            assert person.get(path).status_code == 403
            assert person.post(path, form).status_code in {403, 405}
            missing = person.get(path.replace("acme", "never-was"))
            assert (missing.status_code, words(missing.text).partition("Request")[0]) == (
                403,
                words(person.get(path).text).partition("Request")[0],
            )
    assert publisher.get(f"{PAGE}/new").status_code == 403
    for person in (publisher, writer):
        assert "Your decision" not in person.get(ONE).text
        fields = {**tokens(person.get(ONE).text), "do": "decide", "decision": "approve"}
        assert person.post(ONE, {**fields, "content_sha256": sha(HARDER)}).status_code == 403
    assert 'href="/ladders/acme/reviews"' in writer.get("/ladders/acme").text
    for visitor in (reader, elsewhere, Browser(api)):
        assert 'href="/ladders/acme/reviews"' not in visitor.get("/ladders/acme").text


def test_forms_from_elsewhere_and_with_wrong_tokens_change_nothing(api: Api) -> None:
    rev = author(api, "Rev", "review")
    fields = {**hidden(rev.get(ONE).text.partition("decide")[2]), "decision": "approve"}
    assert rev.post(ONE, fields, sec_fetch_site="cross-site").status_code == 403
    wrong = rev.post(ONE, {**fields, "token": "0" * 64, "text": "Mine."})
    assert wrong.status_code == 403
    assert "You have signed in again since you opened this form." in words(wrong.text)
    assert "Mine." in wrong.text
    assert rev.post_body(ONE, b"{}", "application/json").status_code == 415
    other = hidden(rev.get(PAGE).text).get("token", "0")
    assert rev.post(ONE, {**fields, "token": other}).status_code == 403
    key = api.key("Rev", "review")
    assert api.client.get(f"{ACME}/reviews/1", headers=key).json()["entry_count"] == 0


def test_a_form_comes_back_after_the_session_ended(api: Api, clock: Clock) -> None:
    rev = author(api, "Rev", "review")
    fields = {**tokens(rev.get(ONE).text), "do": "comment", "text": "Long thoughts."}
    clock.moment += timedelta(hours=9)
    ended = rev.post(ONE, fields)
    assert ended.status_code == 401
    assert "Your session has ended. Sign in again, and your text comes back." in words(ended.text)
    action, token = form_of(ended.text, "sign-in")
    again = rev.post(action, {"token": token, "key": key_of(api.key("Rev", "review"))})
    back = rev.get(again.headers["location"])
    assert ">Long thoughts.</textarea>" in back.text
    assert "This is what you typed." in words(back.text)


def test_the_first_draft_of_a_ladder_is_reviewed_as_a_whole(empty_api: Api) -> None:
    ada = empty_api.key("Ada", "write")
    made = empty_api.client.post("/v1/ladders", json={"slug": "fresh", "title": "Fresh"}, headers=ada)
    assert made.status_code == 201
    tag = {"if-none-match": "*"}
    body = {"slug": "l1", "title": "Beginner", "track": "ic"}
    assert empty_api.client.put(
        "/v1/ladders/fresh@draft/levels/l1", json=body, headers={**ada, **tag}
    ).is_success
    page = "/ladders/fresh/reviews"
    author(empty_api, "Ada", "write").fill(f"{page}/new", {"title": "All new"})
    rev = author(empty_api, "Rev", "review")
    shown = rev.get(f"{page}/1")
    assert shown.status_code == 200, shown.text
    assert "The new ladder" in words(shown.text)
    assert "New: level Beginner" in words(shown.text)
    assert "not published" in shown.text
    assert rev.get(page).status_code == 200


def test_a_review_of_many_long_changes_is_light_and_comes_in_pages(empty_api: Api) -> None:
    faqs = [
        {"slug": f"q-{n}", "question": f"Question {n}?", "answer": f"Answer {n}. " * 400} for n in range(60)
    ]
    begun(empty_api, draft({"/faqs": faqs}), "Ada")
    ada = author(empty_api, "Ada", "write")
    ada.fill(f"{PAGE}/new", {"title": "Many questions"})
    ada.fill(ONE, {"do": "comment", "text": "A long comment. " * 1_200})
    ada.fill(ONE, {"do": "comment", "text": "Another long comment. " * 900, "target": "faq:q-1"})
    url, seen = ONE, 0
    while url:
        page = ada.get(url).text
        assert len(page.encode()) < 100_000
        seen += page.count('<article class="change"')
        further = re.search(r'rel="next" href="([^"]+#changes)"', page)
        url = unescape(further[1]) if further else ""
    assert seen == 61  # the question of the base is gone
    assert "The whole comment" in ada.get(ONE).text + ada.get(f"{ONE}?skip=25").text
