"""Pages of drafts: visible only with rights, marked on every page, with findings on the page they are about."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from app.rubric.ladder import Expectation, Ladder
from app.rubric.rules import check
from tests.api.drafting import MARK, marked, published, write_draft
from tests.api.serving import Api, serve
from tests.databases import SqliteDatabases
from tests.rubric.drafts import draft
from tests.serving.hiding import hide, show
from tests.web.signing import Browser, key_of

SLUG: Final = "example-engineering"
PAGE: Final = f"/ladders/{SLUG}"
DRAFT: Final = f"{PAGE}@draft"
SUBPAGES: Final = (
    "",
    "/levels/l5",
    "/competencies/technical-leadership",
    "/faqs",
    "/pages/progression",
    "/matrix",
    "/compare?from=l4&to=l5",
    "/print",
    "/search",
    "/findings",
)
BANNER: Final = '<aside class="draft" aria-label="About this draft">'
EVIL: Final = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture
def api(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    with sqlite_databases.fresh("seeded") as url, serve(url) as served:
        yield served


def signed_in(api: Api, *scopes: str, ladders: tuple[str, ...] | None = None) -> Browser:
    browser = Browser(api)
    assert browser.sign_in(key_of(api.key("Ada", *scopes, ladders=ladders))).status_code == 303
    return browser


def dangling(ladder: Ladder) -> Ladder:
    """Return the ladder with an expectation for a missing level."""
    lost = Expectation(level="l99", competency="system-design-mastery", summary="Lost.")
    return ladder.model_copy(update={"expectations": (*ladder.expectations, lost)})


@pytest.mark.parametrize("below", SUBPAGES)
def test_every_page_of_a_draft_is_marked_and_never_cached(api: Api, below: str) -> None:
    write_draft(api, marked(published(api, SLUG)))
    ada, kept = signed_in(api, "review"), len(api.application.serving.cache)
    for _ in range(2):
        page = ada.get(DRAFT + below)
        assert (page.status_code, page.headers["cache-control"]) == (200, "private, no-store")
        assert page.text.count(BANNER) == 1
        assert "<strong>Draft</strong> Not published" in page.text
        assert f'<a href="{PAGE}/diff?from=1.1.0&amp;to=draft">Changes since 1.1.0</a>' in page.text
        assert MARK in page.text
    assert len(api.application.serving.cache) == kept
    assert BANNER not in ada.get(PAGE + below).text


NO_BANNER = (".svg", ".csv", ".xlsx", "/import", "/publish", "/discard")
"""Pictures, files, and forms that act on the draft as a whole."""


def test_pages_of_a_draft_link_to_pages_of_the_draft(api: Api) -> None:
    write_draft(api, marked(published(api, SLUG)))
    ada, seen, waiting = signed_in(api, "write"), set[str](), [DRAFT]
    while waiting:
        path = waiting.pop()
        page = ada.get(path)
        assert page.status_code == 200, path
        assert BANNER in page.text or path.endswith(NO_BANNER), path
        found = {
            url for url in re.findall(r'href="(/ladders/[^"#?]*)', page.text) if url.startswith(f"{DRAFT}/")
        }
        waiting += found - seen
        seen |= found
    told = {DRAFT + below.partition("?")[0] for below in SUBPAGES[1:]} - {
        f"{DRAFT}/findings",
        f"{DRAFT}/search",
    }
    assert told <= seen


def test_the_changes_of_a_draft_are_shown_against_the_newest_release(api: Api) -> None:
    write_draft(api, marked(published(api, SLUG)))
    page = signed_in(api, "write").get(f"{PAGE}/diff?from=latest&to=draft")
    assert page.status_code == 200
    assert "From 1.1.0 to draft" in page.text
    assert f"<ins>{MARK}" in page.text
    assert "<option selected>draft</option>" in page.text


@pytest.mark.parametrize("below", SUBPAGES)
def test_a_visitor_without_rights_cannot_learn_whether_a_draft_exists(api: Api, below: str) -> None:
    nobody, reader = Browser(api), signed_in(api, "read")
    elsewhere = signed_in(api, "admin", ladders=("netflix-engineering",))
    before = [
        (one.get(DRAFT + below).status_code, _said(one.get(DRAFT + below).text)) for one in (nobody, reader)
    ]
    write_draft(api, marked(published(api, SLUG)))
    after = [
        (one.get(DRAFT + below).status_code, _said(one.get(DRAFT + below).text)) for one in (nobody, reader)
    ]
    assert before == after
    assert [status for status, _ in after] == [401, 403]
    page = nobody.get(DRAFT + below)
    assert "<h1>Sign in</h1>" in page.text
    assert 'action="/sign-in?next=%2Fladders%2Fexample-engineering%40draft' in page.text
    for one in (reader, elsewhere):
        assert "You can read published ladders, but not this draft." in one.get(DRAFT + below).text
        assert "scope" not in _lead(one.get(DRAFT + below).text)
    never = nobody.get(f"/ladders/never-was@draft{below}")
    assert _said(never.text).replace("never-was", SLUG) == after[0][1]


def _lead(text: str) -> str:
    """Return the explanation at the start of an error page."""
    return text.partition('<p class="lead">')[2].partition("</p>")[0]


def _said(text: str) -> str:
    """Return a page without the parts that differ by request: the form token and the request id."""
    return re.sub(r'name="token" value="\w+"|Request [\w-]+', "", text)


def test_only_visitors_who_may_read_a_draft_see_a_link_to_it(api: Api) -> None:
    may, reader, nobody = signed_in(api, "write"), signed_in(api, "read"), Browser(api)
    elsewhere = signed_in(api, "admin", ladders=("netflix-engineering",))
    bearer = api.key("Ben", "admin")
    paths = ("/", PAGE, f"{PAGE}@1.0.0/levels/l5", f"{PAGE}/releases", f"{PAGE}/diff")
    link = f'href="{DRAFT}"'
    assert not any(link in may.get(path).text for path in paths)
    write_draft(api, marked(published(api, SLUG)))
    for path in paths:
        assert link in may.get(path).text, path
        for one in (reader, elsewhere, nobody):
            assert link not in one.get(path).text, path
        assert link not in api.client.get(path, headers=bearer).text  # it may be kept, and shown to others


def test_an_unchanged_draft_says_that_it_has_no_changes(api: Api) -> None:
    page = signed_in(api, "review").get(f"{DRAFT}/levels/l5").text
    assert "No changes yet. It is the same as 1.1.0." in page
    assert "Changes since" not in page


def test_findings_are_shown_on_the_page_they_are_about_errors_first(api: Api) -> None:
    write_draft(api, dangling(published(api, SLUG)))
    ada = signed_in(api, "review")
    found = ada.get(f"{DRAFT}/findings").text
    severities = re.findall(r'<span class="tag (\w+)">', found)
    assert severities[0] == "error"
    assert severities == sorted(severities, key=lambda one: one != "error")
    assert "unknown-level" in found
    link = re.search(r'<span class="tag error">error</span> <a href="([^"]+)"', found)
    assert link is not None
    assert link[1] == f"{DRAFT}/competencies/system-design-mastery"
    assert ada.get(link[1]).status_code == 200
    assert "Errors and warnings on this page" in ada.get(f"{DRAFT}/competencies/system-design-mastery").text
    assert (
        "Errors and warnings on this page" not in ada.get(f"{DRAFT}/competencies/technical-leadership").text
    )
    for below in SUBPAGES:
        assert re.search(
            rf'<a href="{DRAFT}/findings">1 error, \d+ warnings?</a>', ada.get(DRAFT + below).text
        )


def test_a_session_can_load_pictures_of_a_draft_and_of_an_internal_ladder(api: Api) -> None:
    write_draft(api, marked(published(api, SLUG)))
    hide(api.application.serving.engine, SLUG)
    api.refresh()
    ada, nobody = signed_in(api, "write"), Browser(api)
    for path in (f"{DRAFT}/levels/l5", f"{PAGE}/levels/l5", f"{PAGE}/releases"):
        (source,) = re.findall(r'<img src="([^"]+)"', ada.get(path).text)
        picture = ada.get(source)
        assert (picture.status_code, picture.headers["cache-control"]) == (200, "private, no-store")
        assert picture.headers["content-type"].startswith("image/svg+xml")
        assert "sandbox" in picture.headers["content-security-policy"]
        assert nobody.get(source).status_code in {401, 404}
    for path in ("map.svg", "matrix.svg"):
        assert MARK in ada.get(f"{DRAFT}/{path}").text
    link = f"/v1{PAGE}/levels/l5/radar.svg"
    show(api.application.serving.engine, SLUG)
    api.refresh()
    assert link in nobody.get(f"{PAGE}/levels/l5").text
    assert nobody.get(link).status_code == 200


def test_the_text_of_a_draft_cannot_inject_markup(api: Api) -> None:
    harm: Any = published(api, SLUG).model_dump_json(exclude_none=True)
    write_draft(api, Ladder.model_validate_json(harm.replace("Senior", EVIL.replace('"', '\\"'))))
    write_draft(api, dangling(published(api, SLUG).model_copy(update={"title": EVIL})))
    ada = signed_in(api, "review")
    for path in (*(DRAFT + below for below in SUBPAGES), f"{PAGE}/diff?from=latest&to=draft", "/"):
        page = ada.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


BROADER: Final = (
    *("", "/findings", "/faqs", "/matrix", "/print", "/compare?from=l4&to=l5", "/search?q=engineer"),
    *("/matrix?track=ic", "/map.svg", "/matrix.svg", "/levels/l4/radar.svg"),
)
"""Paths below the small ladder's draft."""
BROKEN: Final[dict[str, dict[str, object]]] = {
    "level": {"/levels/0/track": "none"},
    "competency": {"/expectations/0/competency": "none"},
    "expectation": {"/expectations/0/level": "none"},
    "scale": {"/competencies/0/scale": "none"},
    "step": {"/expectations/0/step": "none"},
    "extends": {"/tracks/0/extends": "none"},
    "itself": {"/tracks/0/extends": "ic"},
    "about": {"/faqs/0/about": ["level:none", "nothing:none", "level:l4--none"]},
    "facet": {"/facets/0/competency": "none"},
    "cycle": {
        "/tracks/0/extends": "lead",
        "/tracks/-": {"slug": "lead", "title": "Lead", "extends": "ic"},
        "/levels/1/track": "lead",
    },
    "twice": {
        "/tracks/-": {"slug": "ic", "title": "Again"},
        "/levels/-": {"slug": "l4", "track": "ic", "title": "Again"},
        "/competencies/-": {"slug": "quality", "title": "Again"},
        "/facets/-": {"slug": "testing", "competency": "delivery", "title": "Again"},
        "/expectations/-": {"level": "l4", "competency": "quality", "summary": "Again"},
        "/faqs/-": {"slug": "how-long", "question": "Again?", "answer": "Again."},
        "/scales/-": {"slug": "depth", "title": "Again", "steps": []},
    },
    "threshold": {"/tracks/0/thresholds": [{"points_from": 9, "points_to": 1, "level": "none"}]},
    "ranks": {"/levels/0/rank": 2, "/levels/1/rank": 2},
    "step of facet": {"/expectations/0/facet": "pace", "/expectations/0/step": "expert"},
}
"""Edits that leave a draft with errors."""


@pytest.mark.parametrize("how", BROKEN)
def test_a_draft_with_errors_is_shown_as_far_as_possible(api: Api, how: str) -> None:
    ladder = draft(BROKEN[how])
    write_draft(api, ladder)
    assert any(one.severity == "error" for one in check(ladder))
    ada = signed_in(api, "review")
    paths = [f"/ladders/{ladder.slug}@draft{below}" for below in BROADER]
    paths += [f"/ladders/{ladder.slug}@draft/levels/{one.slug}" for one in ladder.levels]
    paths += [f"/ladders/{ladder.slug}@draft/competencies/{one.slug}" for one in ladder.competencies]
    for path in paths:
        page = ada.get(path)
        assert page.status_code == 200, (path, page.text[-800:])
        for target in re.findall(r'<span class="tag \w+">\w+</span> <a href="([^"#]+)', page.text):
            assert ada.get(target).status_code == 200, target


def test_a_ladder_that_was_never_published_has_only_a_draft(api: Api) -> None:
    ladder = draft({})
    write_draft(api, ladder)
    home = f"/ladders/{ladder.slug}"
    ada, nobody = signed_in(api, "write"), Browser(api)
    page = ada.get(f"{home}@draft")
    assert (page.status_code, BANNER in page.text) == (200, True)
    assert f'href="{home}/releases"' not in page.text
    assert "Changes since" not in page.text
    assert f'<a href="{home}@draft" dir="auto">{ladder.title}</a>' in ada.get("/").text
    assert ladder.slug not in nobody.get("/").text
    assert [one.get(home).status_code for one in (ada, nobody)] == [404, 404]


def test_the_draft_of_an_internal_ladder_looks_like_a_missing_ladder(api: Api) -> None:
    write_draft(api, marked(published(api, SLUG)))
    hide(api.application.serving.engine, SLUG)
    api.refresh()
    may, may_not = (
        signed_in(api, "write", ladders=(SLUG,)),
        signed_in(api, "write", ladders=("netflix-engineering",)),
    )
    assert MARK in may.get(DRAFT).text
    assert f'href="{DRAFT}"' in may.get("/").text
    assert SLUG not in may_not.get("/").text
    hidden, never = (may_not.get(f"/ladders/{slug}@draft") for slug in (SLUG, "never-was-engineered"))
    assert hidden.status_code == never.status_code == 403
    assert _said(hidden.text).replace(SLUG, "x") == _said(never.text).replace("never-was-engineered", "x")
