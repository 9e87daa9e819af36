"""The rights to open and send the forms that edit a draft, and forms whose session has ended."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from app.rubric.people import Account
from app.serving.callers import Grant, grants_as_json
from app.store.access.sessions import Person, create_session
from app.store.engine import reading, writing
from app.store.work.waiting import MOST
from tests.api.serving import Api, Clock
from tests.rubric.drafts import draft
from tests.serving.hiding import hide
from tests.web.editing.authors import DRAFT, author, content, opened
from tests.web.page_forms import form_in
from tests.web.signing import SESSION as COOKIE
from tests.web.signing import Browser, key_of

FORMS: Final = (
    "/edit",
    "/tracks/ic/edit",
    "/levels/l5/edit",
    "/levels/l5/in/quality/edit",
    "/competencies/quality/edit",
    "/faqs/how-long/edit",
    "/levels/l5/remove",
    "/pages/none/remove",
)
DAY: Final = timedelta(days=1)


@pytest.mark.parametrize("below", FORMS)
def test_nobody_but_writers_opens_or_sends_a_form(acme: Api, below: str) -> None:
    fields = {"token": "0" * 64, "title": "Taken over", "reason": "Gone", "do": "add", "list": "tracks"}
    anonymous = Browser(acme)
    for answer in (anonymous.get(DRAFT + below), anonymous.post(DRAFT + below, fields)):
        assert answer.status_code == 401
        assert "<h1>Sign in</h1>" in answer.text
        action = form_in(answer.text, "sign-in").action
        assert parse_qs(urlsplit(action).query) == {"next": [DRAFT + below]}
    for name, scopes, ladders in (
        ("Rea", ("read",), None),
        ("Rev", ("review",), None),
        ("Pub", ("publish",), None),
        ("Other", ("write",), ("other",)),
    ):
        browser = author(acme, name, *scopes, ladders=ladders)
        for answer in (browser.get(DRAFT + below), browser.post(DRAFT + below, fields)):
            assert answer.status_code == 403, name
            assert "You can read. To edit, ask an administrator." in answer.text
            assert "Quality" not in answer.text
    assert content(acme) == draft()


def test_a_form_of_a_missing_or_hidden_ladder_looks_the_same_to_whoever_may_not_see_it(acme: Api) -> None:
    other = author(acme, "Other", "write", ladders=("other",))
    hide(acme.application.serving.engine, "acme")
    acme.refresh()
    pages = [other.get(f"/ladders/{slug}@draft/levels/l5/edit") for slug in ("acme", "nobody")]
    assert {page.status_code for page in pages} == {403}
    one, two = (page.text.replace("nobody", "acme") for page in pages)
    assert one.partition("Request ")[0] == two.partition("Request ")[0]


def test_a_form_of_a_release_leads_to_that_of_the_draft(acme: Api) -> None:
    ada = author(acme)
    for reference in ("acme", "acme@1.0.0", "acme@latest"):
        answer = ada.get(f"/ladders/{reference}/levels/l5/edit")
        assert (answer.status_code, answer.headers["location"]) == (307, f"{DRAFT}/levels/l5/edit")


def test_a_form_from_another_site_or_with_a_wrong_token_writes_nothing(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, f"{DRAFT}/levels/l5/edit")
    fields = form.fields | {"title": "Typed text"}
    assert ada.post(form.action, fields, sec_fetch_site="cross-site").status_code == 403
    assert ada.post(form.action, fields, sec_fetch_site="", origin="https://evil.example").status_code == 403
    other = opened(ada, f"{DRAFT}/levels/l4/edit")
    again = form
    for token in ("", "0" * 64, "ä", other.fields["token"]):
        page = ada.post(form.action, fields | {"token": token})
        assert page.status_code == 403
        assert 'value="Typed text"' in page.text
        again = form_in(page.text)
        assert again.fields["token"] == form.fields["token"]
    assert content(acme) == draft()
    assert ada.post(form.action, again.fields).status_code == 303
    assert content(acme).levels[1].title == "Typed text"


def test_a_key_in_a_header_sends_no_forms(acme: Api) -> None:
    header = acme.key("Ada", "write")
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = acme.client.post(f"{DRAFT}/levels/l5/edit", content="title=X", headers=header | kind)
    assert answer.status_code == 403
    assert content(acme) == draft()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"title=%ff%fe", 400),
        (b"title=" + b"x" * (1024 * 1024), 413),
        (b"&".join(b"f%d=1" % number for number in range(5_001)), 400),
    ],
)
def test_a_body_that_is_no_form_of_ours_is_refused(acme: Api, body: bytes, status: int) -> None:
    ada = author(acme)
    cookie = "; ".join(f"{name}={value}" for name, value in ada.cookies.items())
    headers = {
        "cookie": cookie,
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
        "x-forwarded-proto": "https",
    }
    for below in ("/levels/l5/edit", "/edit", "/levels/l5/remove"):
        assert acme.client.post(DRAFT + below, content=body, headers=headers).status_code == status
    assert content(acme) == draft()


def test_an_almost_empty_form_changes_only_what_it_names(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, f"{DRAFT}/levels/l5/edit")
    few = {name: form.fields[name] for name in ("token", "tag")}
    assert ada.post(form.action, few).status_code == 303
    assert content(acme) == draft()
    assert (
        ada.post(form.action, few | {"code": "L5", "unknown": "x", "statements.0.text": "y"}).status_code
        == 303
    )
    assert content(acme).levels[1].model_dump(exclude_defaults=True) == {
        "slug": "l5",
        "track": "ic",
        "title": "Senior engineer",
        "code": "L5",
    }


def test_what_the_pages_write_is_logged_like_the_api(acme: Api) -> None:
    ada = author(acme)
    form = opened(ada, f"{DRAFT}/levels/l5/edit")
    ada.post(form.action, form.fields | {"code": "L5"})
    with reading(acme.application.serving.engine) as connection:
        rows = connection.execute(text("SELECT who, action, target FROM audit WHERE action = 'draft.write'"))
        assert [tuple(row) for row in rows] == [("Ada", "draft.write", "level:l5")]


def sign_in_again(browser: Browser, page: str, key: str) -> str:
    """Sign in on a page that was shown instead of another, and return where it leads."""
    form = form_in(page, "sign-in")
    answer = browser.post(form.action, form.fields | {"key": key})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_form_sent_after_the_session_ended_comes_back_filled_in(acme: Api, clock: Clock) -> None:
    key = key_of(acme.key("Ada", "write"))
    ada = Browser(acme)
    ada.sign_in(key)
    form = opened(ada, f"{DRAFT}/levels/l5/edit")
    clock.moment += timedelta(hours=9)
    page = ada.post(form.action, form.fields | {"summary": "Long\r\ntext", "years_from": "3"})
    assert page.status_code == 401
    assert "Your session has ended. Sign in again, and your text comes back." in page.text
    assert "Long" not in page.text
    back = sign_in_again(ada, page.text, key)
    assert back.startswith(f"{DRAFT}/levels/l5/edit?kept=")
    page = ada.get(back)
    assert "This is what you typed. Save it to keep it." in page.text
    kept = form_in(page.text)
    assert (kept.action, kept.fields["summary"], kept.fields["years_from"]) == (
        f"{DRAFT}/levels/l5/edit",
        "Long\r\ntext",
        "3",
    )
    assert ada.post(kept.action, kept.fields).status_code == 303
    level = content(acme).levels[1]
    assert (level.summary, level.years_from) == ("Long\ntext", 3)
    clock.moment += timedelta(hours=1)
    assert opened(ada, back).fields["summary"] == "Long\r\ntext"
    assert "This is what you typed" not in ada.get(back).text


def test_a_kept_form_notices_what_somebody_else_saved_meanwhile(acme: Api, clock: Clock) -> None:
    key = key_of(acme.key("Ada", "write"))
    ada = Browser(acme)
    ada.sign_in(key)
    form = opened(ada, f"{DRAFT}/levels/l5/edit")
    clock.moment += timedelta(hours=9)
    page = ada.post(form.action, form.fields | {"summary": "Ada's"})
    back = sign_in_again(ada, page.text, key)
    bob = author(acme, "Bob")
    other = opened(bob, f"{DRAFT}/levels/l5/edit")
    bob.post(other.action, other.fields | {"summary": "Bob's"})
    kept = form_in(ada.get(back).text)
    assert kept.fields["summary"] == "Ada's"
    assert ada.post(kept.action, kept.fields).status_code == 412


def test_only_the_person_of_the_ended_session_gets_the_form_back(acme: Api, clock: Clock) -> None:
    ada = author(acme)
    form = opened(ada, f"{DRAFT}/levels/l5/edit")
    clock.moment += timedelta(hours=9)
    page = ada.post(form.action, form.fields | {"summary": "Secret"})
    back = sign_in_again(ada, page.text, key_of(acme.key("Eve", "write")))
    assert "Secret" not in ada.get(back).text
    assert "Secret" not in author(acme, "Ada").get(back.replace("/levels/l5/", "/levels/l4/")).text


def with_account(api: Api, subject: str, now: datetime) -> Browser:
    """Sign in an account whose name others have, too."""
    grants = grants_as_json((Grant(frozenset({"write"})),))
    person = Person("Ada", "Ada", grants, Account("https://id.example", subject))
    with writing(api.application.serving.engine) as connection:
        token = create_session(connection, person, now, now + timedelta(hours=8))
    return Browser(api, {COOKIE: token})


def test_another_account_of_the_same_name_does_not_get_the_form(acme: Api, clock: Clock) -> None:
    form = opened(with_account(acme, "1", clock.moment), f"{DRAFT}/levels/l5/edit")
    clock.moment += timedelta(hours=9)
    page = Browser(acme).post(form.action, form.fields | {"summary": "Secret"}).text
    (back,) = parse_qs(urlsplit(form_in(page, "sign-in").action).query)["next"]
    others = with_account(acme, "2", clock.moment), author(acme, "Ada")
    assert ["Secret" in other.get(back).text for other in others] == [False, False]
    assert "Secret" in with_account(acme, "1", clock.moment).get(back).text


def test_a_form_of_a_stranger_does_not_wait_for_the_write_lock(acme: Api) -> None:
    with writing(acme.application.serving.engine):
        answer = Browser(acme).post(f"{DRAFT}/levels/l5/edit", {"session": "0" * 64})
    assert answer.status_code == 401


def test_nothing_is_kept_without_the_name_of_an_ended_session(acme: Api, clock: Clock) -> None:
    ada = author(acme)
    form = opened(ada, f"{DRAFT}/levels/l5/edit")
    stranger = Browser(acme)
    for session in ("", "0" * 64, form.fields["session"]):  # the last one is still open
        page = stranger.post(form.action, form.fields | {"session": session})
        assert (page.status_code, "kept" in page.text) == (401, False)
    clock.moment += timedelta(hours=9)
    cross = stranger.post(form.action, form.fields, sec_fetch_site="cross-site")
    assert (cross.status_code, "kept" in cross.text) == (403, False)
    for _ in range(MOST + 2):
        assert "kept" in stranger.post(form.action, form.fields).text
    with reading(acme.application.serving.engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM waiting")).scalar_one() == MOST
    clock.moment += DAY
    assert "kept" not in stranger.post(form.action, form.fields).text
