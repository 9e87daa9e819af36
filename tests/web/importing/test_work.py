"""The list of work and the page that discards a draft."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest

from app.store.drafts import find_draft_head
from app.store.engine import reading
from tests.api.drafting import write_draft
from tests.api.editing import LADDER
from tests.api.serving import NOW, Api, serve
from tests.databases import SqliteDatabases
from tests.web.importing.visits import form_in, visitor, words
from tests.web.signing import Browser, key_of

PAGE: Final = "/ladders/acme@draft"
DISCARD: Final = f"{PAGE}/discard"
EDITED: Final = LADDER.model_copy(update={"title": "Acme, edited"})
NEW: Final = LADDER.model_copy(update={"slug": "beta", "title": "Beta"})


@pytest.fixture
def api(empty_api: Api) -> Api:
    """A released ladder with a draft of Ada, and a draft of Bob that was never published, on each engine."""
    empty_api.publish(LADDER, "1.0.0", NOW - timedelta(days=9))
    write_draft(empty_api, EDITED, by="Ada")
    write_draft(empty_api, NEW, by="Bob")
    return empty_api


@pytest.fixture
def seeded(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    """The released ladder with its draft, on one engine."""
    with sqlite_databases.fresh("migrated") as url, serve(url) as served:
        served.publish(LADDER, "1.0.0", NOW - timedelta(days=9))
        write_draft(served, EDITED, by="Ada")
        yield served


def is_edited(api: Api, slug: str = "acme") -> bool:
    with reading(api.application.serving.engine) as connection:
        return find_draft_head(connection, slug) is not None


def open_review(api: Api, slug: str, who: str) -> None:
    answer = api.client.post(
        f"/v1/ladders/{slug}/reviews", json={"title": f"Look at {slug}"}, headers=api.key(who, "write")
    )
    assert answer.status_code == 201, answer.text


def test_an_author_sees_their_drafts_first_with_their_errors(api: Api) -> None:
    said = words(visitor(api, "Ada", "write").get("/work").text)
    assert said.startswith('id="content" tabindex="-1"> My work New ladder Drafts Acme, edited yours')
    assert "Changed by Ada on 22 November 2026" in said
    assert said.index("Acme, edited") < said.index("Beta")
    bob = visitor(api, "Bob", "write").get("/work")
    assert words(bob.text).index("Beta yours") < words(bob.text).index("Acme, edited")
    assert f'<a href="{PAGE}/edit">Edit</a>' in bob.text
    assert '<a href="/ladders/acme/diff?to=draft">Changes</a>' in bob.text
    assert "/ladders/beta/diff" not in bob.text
    assert bob.headers["cache-control"] == "private, no-store"


def test_a_reviewer_sees_what_waits_for_them_until_they_decide(api: Api) -> None:
    open_review(api, "acme", "Ada")
    open_review(api, "beta", "Bob")
    ada, bob, cleo = (visitor(api, name, "write", "review") for name in ("Ada", "Bob", "Cleo"))
    assert words(cleo.get("/work").text).count("opened by") == 2
    for author, theirs, others in ((ada, "acme", "beta"), (bob, "beta", "acme")):
        said = words(author.get("/work").text)
        waiting, _, opened = said.partition("Drafts")
        assert f"Look at {others}" in waiting
        assert f"Look at {theirs}" not in waiting
        assert f"Look at {theirs}" in opened
    decision = {"decision": "approve", "content_sha256": _content(api)}
    answer = api.client.post(
        "/v1/ladders/acme/reviews/1/decisions", json=decision, headers=api.key("Cleo", "review")
    )
    assert answer.status_code == 201, answer.text
    assert "Look at acme" not in words(cleo.get("/work").text)
    assert "approved" in words(ada.get("/work").text)


def _content(api: Api) -> str:
    with reading(api.application.serving.engine) as connection:
        head = find_draft_head(connection, "acme")
        assert head is not None
        return head.content_sha256


def test_people_see_only_what_their_rights_are_for(api: Api) -> None:
    open_review(api, "acme", "Ada")
    elsewhere = visitor(api, "Eve", "admin", ladders=("beta",))
    said = words(elsewhere.get("/work").text)
    assert "Acme" not in said
    assert "Look at" not in said
    assert "Beta" in said
    reader = words(visitor(api, "Rob", "read").get("/work").text)
    assert "You can read. To edit, ask an administrator." in reader
    assert "Acme" not in reader
    assert Browser(api).get("/work").status_code == 401


def test_a_scheduled_release_is_listed_until_it_comes_into_force(api: Api) -> None:
    api.publish(LADDER.model_copy(update={"title": "Acme next"}), "1.1.0", NOW, NOW + timedelta(days=9))
    pat = visitor(api, "Pat", "publish").get("/work")
    assert "Acme next 1.1.0 1 December 2026, 12:00 UTC Change the date" in words(pat.text)
    assert 'href="/ladders/acme/releases/1.1.0/reschedule"' in pat.text
    assert "Change the date" not in visitor(api, "Ada", "write").get("/work").text


def test_people_who_may_write_land_on_their_work_and_readers_on_the_start_page(seeded: Api) -> None:
    for scope, page in (("write", "/work"), ("review", "/work"), ("publish", "/work"), ("read", "/")):
        key = key_of(seeded.key("Ada", scope))
        assert Browser(seeded).sign_in(key).headers["location"] == page
        wanted = Browser(seeded).sign_in(key, "/sign-in?next=%2Fladders%2Facme")
        assert wanted.headers["location"] == "/ladders/acme"


def test_the_header_leads_signed_in_people_to_their_work(seeded: Api) -> None:
    assert (
        '<a class="account" href="/work">My work</a>'
        in visitor(seeded, "Ada", "write").get("/ladders/acme").text
    )
    assert 'href="/work"' not in Browser(seeded).get("/ladders/acme").text


def test_a_draft_is_discarded_after_a_question(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    page = ada.get(DISCARD)
    assert "All changes since 1.0.0 are deleted. Nobody can bring them back." in words(page.text)
    assert is_edited(api)
    form = form_in(page.text, DISCARD)
    for _ in range(2):
        done = ada.post(DISCARD, form)
        assert (done.status_code, done.headers["location"]) == (303, "/work")
    assert not is_edited(api)
    assert "Nobody has edited this draft." in words(ada.get(DISCARD).text)


def test_a_ladder_that_was_never_published_is_deleted_with_its_draft(api: Api) -> None:
    path = "/ladders/beta@draft/discard"
    bob = visitor(api, "Bob", "write")
    page = bob.get(path)
    assert "the whole ladder is deleted" in words(page.text)
    form = form_in(page.text, path)
    assert [bob.post(path, form).headers["location"] for _ in range(2)] == ["/work", "/work"]
    assert not is_edited(api, "beta")
    assert bob.get(path).status_code == 404


def test_a_draft_that_somebody_changed_since_is_kept(api: Api) -> None:
    ada = visitor(api, "Ada", "write")
    form = form_in(ada.get(DISCARD).text, DISCARD)
    write_draft(api, LADDER, by="Bob")
    write_draft(api, EDITED, by="Bob")  # the same text again, but somebody has worked on it
    page = ada.post(DISCARD, form)
    assert page.status_code == 409
    assert "Somebody has changed this draft since you opened the page." in page.text
    assert is_edited(api)
    assert ada.post(DISCARD, form_in(page.text, DISCARD)).status_code == 303
    assert not is_edited(api)


def test_only_people_who_may_write_the_draft_discard_it(seeded: Api) -> None:
    ada = visitor(seeded, "Ada", "write")
    form = form_in(ada.get(DISCARD).text, DISCARD)
    for status, one in (
        (401, Browser(seeded)),
        (403, visitor(seeded, "Rob", "read")),
        (403, visitor(seeded, "Rae", "review", "publish")),
        (403, visitor(seeded, "Eve", "admin", ladders=("beta",))),
    ):
        assert (one.get(DISCARD).status_code, one.post(DISCARD, form).status_code) == (status, status)
    assert ada.post(DISCARD, form, sec_fetch_site="cross-site").status_code == 403
    assert ada.post(DISCARD, {**form, "token": "0" * 64}).status_code == 403
    assert is_edited(seeded)
