"""The pages of the explorer: every entity has an anchor, every link works, every page names the release in force."""

import re
import shlex
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.api.reading.urls import COLLECTION_OF
from app.rubric.entities import Node
from app.rubric.ladder import Competency, Expectation, Faq, Ladder, Level, Page, Removal, Track
from app.rubric.parts import Example, Link, Statement
from app.rubric.releases import Event, Version
from app.web.layout.markdown import markdown
from app.web.layout.rendering import POLICY
from app.web.navigation.urls import page_path
from bench.generate import Shape, generate, slug_of
from tests.api.drafting import write_draft
from tests.api.publishing import ACME, CLEARER, HARDER, begun, sha
from tests.api.serving import NOW, UNPINNED, Api, Clock, problem, serve
from tests.databases import SqliteDatabases
from tests.rubric.drafts import draft

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
EXAMPLE = "/ladders/example-engineering"
NETFLIX = "/ladders/netflix-engineering"
MOST_BYTES = 100_000
"""A page with its styles and script, before any coding."""
MOST_BYTES_PRINTED = 120_000
"""The limit of the printed ladder, which is the one exception."""
MOST_BYTES_SENT = 36_000
"""The limit of the printed ladder with gzip."""
PAGES = (
    "/",
    EXAMPLE,
    f"{EXAMPLE}@1.0.0",
    f"{EXAMPLE}@latest",
    f"{EXAMPLE}/levels/l5",
    f"{EXAMPLE}@1.0.0/levels/m1",
    f"{EXAMPLE}/competencies/technical-leadership",
    f"{EXAMPLE}/matrix",
    f"{EXAMPLE}@1.0.0/matrix?rows=facets&track=management",
    f"{EXAMPLE}/compare",
    f"{EXAMPLE}/compare?from=l4&to=l5",
    f"{EXAMPLE}/compare?from=netflix-engineering:l5&to=l5",
    "/search",
    "/search?q=design",
    f"{EXAMPLE}/search?q=design",
    f"{EXAMPLE}@1.0.0/print",
    f"{EXAMPLE}/faqs",
    f"{EXAMPLE}/pages/progression",
    f"{EXAMPLE}/releases",
    f"{EXAMPLE}/diff",
    f"{EXAMPLE}/diff?from=1.0.0&to=1.1.0",
    NETFLIX,
)


def links(text: str) -> set[str]:
    """Return every URL on this server that a page links to or loads, without fragments."""
    found = re.findall(r'(?:href|src|action)="(/[^"#]*)', text)
    return {unescape(url) for url in found}


def html(client: TestClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == status, (path, answer.status_code, answer.text[:500])
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_a_short_lifetime_an_etag_and_a_strict_policy(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["cache-control"] == UNPINNED
    again = client.get(path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_main_heading_a_title_and_a_link_to_its_json(client: TestClient, path: str) -> None:
    text = html(client, path)
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert re.search(r"<title>[^<]+</title>", text)
    assert "&lt;Macro" not in text
    assert "None" not in re.sub(r"<[^>]*>", "", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bon\w+=\"|style=|<style", text)
    found = re.search(r'<link rel="alternate" type="application/json" href="([^"]+)"', text)
    assert found is not None
    assert client.get(unescape(found.group(1))).status_code == 200


def test_every_link_on_every_page_works(client: TestClient) -> None:
    waiting, seen = ["/"], set[str]()
    while waiting:
        path = waiting.pop()
        answer = client.get(path, headers=HTML, follow_redirects=True)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            fresh = {url for url in links(answer.text) - seen if not url.endswith("/try")}  # forms
            seen |= fresh
            waiting += fresh
    assert {f"{EXAMPLE}@1.0.0/levels/l3", f"{NETFLIX}/pages/overview"} <= seen


@pytest.mark.parametrize("slug", ["example-engineering", "netflix-engineering"])
def test_every_entity_has_an_anchor_on_a_page(seeds: Api, slug: str) -> None:
    catalog, loaded = seeds.application.serving.freshness.catalog, seeds.application.serving.loaded
    index = loaded.get(catalog.in_force[slug]).index
    pages: dict[str, str] = {}
    for node in index.nodes[1:]:
        page, _, fragment = page_path(node).partition("#")
        if page not in pages:
            pages[page] = html(seeds.client, f"/ladders/{slug}{page}")
        assert f'id="{fragment or node.target}"' in pages[page], node.target


@pytest.mark.parametrize("slug", ["example-engineering", "netflix-engineering@1.0.0"])
def test_an_api_url_without_v1_leads_to_the_page_of_the_same_entity(seeds: Api, slug: str) -> None:
    ladder = seeds.json(f"/v1/ladders/{slug}")
    for collection in (COLLECTION_OF[name.removesuffix("_count")] for name in ladder["counts"]):
        for item in seeds.json(f"/v1/ladders/{slug}/{collection}?limit=3")["items"]:
            path = f"/ladders/{slug}/{collection}/{item.get('address', item['slug'])}"
            answer = seeds.client.get(path, headers=HTML)
            if answer.status_code == 307:
                page, _, fragment = answer.headers["location"].partition("#")
                assert f'id="{fragment}"' in html(seeds.client, page)
            else:
                assert answer.status_code == 200
        assert seeds.client.get(f"/ladders/{slug}/{collection}", follow_redirects=True).status_code == 200
    assert seeds.client.get("/ladders", follow_redirects=True).status_code == 200


def test_ids_on_a_page_are_unique(client: TestClient) -> None:
    for path in PAGES:
        ids = re.findall(r' id="([^"]+)"', html(client, path))
        assert len(ids) == len(set(ids)), path


def test_a_page_of_an_older_release_links_to_the_release_in_force(client: TestClient) -> None:
    onward = "/ladders/example-engineering/same?page=%2Flevels%2Fl5"
    told = f'You are reading 1.0.0. 1.1.0 is in force. <a href="{onward}">Read 1.1.0</a>'
    assert told in html(client, f"{EXAMPLE}@1.0.0/levels/l5")
    assert client.get(onward).headers["location"] == f"{EXAMPLE}/levels/l5"
    for current in (EXAMPLE, f"{EXAMPLE}@1.1.0", f"{EXAMPLE}@latest"):
        assert "You are reading" not in html(client, f"{current}/levels/l5")


def test_a_pinned_page_links_to_pinned_pages(client: TestClient) -> None:
    text = html(client, f"{EXAMPLE}@1.0.0/levels/l5")
    own = (f"{EXAMPLE}/", f"{EXAMPLE}@")  # an alignment leads to another ladder
    found = {url for url in links(text) if "/levels/" in url and url.startswith(own)}
    assert len(found) > 1
    unpinned = {f"{EXAMPLE}/levels/l5"}  # where to read what is in force
    assert all(url.startswith(f"{EXAMPLE}@1.0.0/") for url in found - unpinned)


def test_a_level_shows_its_own_expectations_and_those_of_lower_levels(client: TestClient) -> None:
    text = html(client, f"{EXAMPLE}/levels/l4")
    assert 'id="expectation:l4--system-design-mastery"' in text
    assert "Also expected from L3" in text
    assert "Same rank in another track" in html(client, f"{EXAMPLE}/levels/l5")
    assert "Not in use at this level." in html(client, f"{EXAMPLE}/levels/m3")


def test_a_matrix_shows_the_expectations_of_every_level_with_links(client: TestClient) -> None:
    text = html(client, f"{EXAMPLE}/matrix?track=management&rows=facets")
    assert re.findall(r'class="code" dir="ltr">([^<]+)<', text) == ["M1", "M2", "M3"]
    assert f'href="{EXAMPLE}/levels/m3#facet:scalability-expertise" lang="en">Not in use</a>' in text
    assert 'class="tag" lang="en" dir="ltr">optional' in text
    sent, plain = (html(client, f"{EXAMPLE}/matrix{query}") for query in ("?track=&rows=competencies", ""))
    assert sent.partition("<main")[2] == plain.partition("<main")[2]
    assert "Did you mean" in unescape(html(client, f"{EXAMPLE}/matrix?track=managment", 422))


@pytest.mark.parametrize("path", PAGES)
def test_headings_of_a_page_skip_no_level(client: TestClient, path: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", html(client, path))]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), levels


def test_questions_without_a_group_are_headings_below_the_title(sqlite_databases: SqliteDatabases) -> None:
    faq = Faq(slug="f", question="Why?", answer="### So", group=None)
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(ladder("one").model_copy(update={"faqs": (faq,)}), "1.0.0", NOW)
        text = html(api.client, "/ladders/one/faqs")
    assert re.findall(r"<h([1-6])", text.partition("<main")[2]) == ["1", "2", "3"]


def test_the_menu_leads_only_to_pages_with_content(sqlite_databases: SqliteDatabases) -> None:
    def menu(page: str) -> list[str]:
        nav = html(api.client, page).partition('<nav aria-label="Ladder">')[2].partition("</nav>")[0]
        return re.findall(r">([^<]+)</a>", nav)

    with sqlite_databases.fresh("seeded") as url, serve(url) as api:
        api.publish(ladder("one"), "1.0.0", NOW)
        for page in ("", "/releases", "/print"):
            assert menu(f"/ladders/one{page}") == ["Overview", "Releases"]
            assert menu(f"{EXAMPLE}{page}") == ["Overview", "Matrix", "Compare", "Questions", "Releases"]
        assert "Matrix" in menu("/ladders/one/matrix")  # the page itself


def test_examples_of_a_level_have_one_heading(client: TestClient) -> None:
    text = html(client, f"{NETFLIX}/levels/l5")
    section = text.partition('<h2 id="examples"')[2].partition("</section>")[0]
    assert section.startswith(' lang="en">Examples</h2>')
    assert "Examples" not in section.partition("</h2>")[2]


def test_a_step_is_readable_without_colours(client: TestClient) -> None:
    text = html(client, f"{EXAMPLE}/levels/l5")
    assert re.search(r'aria-label="Step 3 of 5:">●●●<i>○○</i>', text)


def test_a_track_that_replaces_text_says_so_once(client: TestClient) -> None:
    text = html(client, f"{EXAMPLE}/levels/m1")
    assert text.count("it replaces the text of") == 1
    assert "it replaces the text of" not in html(client, f"{EXAMPLE}/levels/l5")


def test_related_entities_are_named_in_words(client: TestClient) -> None:
    text = html(client, f"{EXAMPLE}/levels/l5")
    related = seen(text.partition('<h2 id="elsewhere"')[2].partition("</section>")[0])
    assert "Related to M1 Engineering manager" in related
    assert "Similar to Netflix engineering : L5 Senior individual contributor" in related


def test_the_timeline_reserves_its_size(seeds: Api) -> None:
    page = html(seeds.client, f"{EXAMPLE}/releases")
    size = re.search(r'timeline.svg"[^>]* width="(\d+)" height="(\d+)"', page)
    assert size is not None
    drawn = seeds.client.get(f"/v1{EXAMPLE}/releases/timeline.svg").text
    assert f'width="{size[1]}" height="{size[2]}"' in drawn


def test_no_form_is_sent_by_choosing_an_option(client: TestClient) -> None:
    for path in PAGES:
        assert "data-submit" not in html(client, path)
    assert "requestSubmit" not in client.get("/assets/page.js").text


def test_crawlers_may_read_the_pages_but_not_the_api(client: TestClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == "User-agent: *\nDisallow: /v1/\nDisallow: /sign-in\n"


def test_a_matrix_shows_facets_if_all_expectations_are_about_facets(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(generate(1, Shape(levels=2, competencies=2, facets=1, statements=1)), "1.0.0", NOW)
        home = f"/ladders/{slug_of(1)}/matrix"
        assert html(api.client, home).count('<tr class="part">') == 2
        assert f'"/v1{home}?rows=facets"' in html(api.client, home)
        assert '<tr class="part">' not in html(api.client, f"{home}?rows=competencies")


def test_a_comparison_counts_what_the_second_level_adds(client: TestClient) -> None:
    text = html(client, f"{EXAMPLE}/compare?from=l4&to=l5")
    assert "L5 expects more in 31 areas." in text
    assert '<option value="l4" selected>L4 Software engineer II</option>' in text
    default = html(client, f"{EXAMPLE}/compare?from=&to=l5")
    assert '<option value="l4" selected>' in default
    assert "Both levels expect the same." in html(
        client, f"{EXAMPLE}/compare?from=example-engineering@1.1.0:l3&to=l3"
    )
    other = html(client, f"{EXAMPLE}/compare?to=l5&from=netflix-engineering:")
    assert '<option value="netflix-engineering:l5">L5 Senior individual contributor</option>' in other


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("to=l55", 422),
        ("to=l3", 422),
        ("to=%3Cb%3E", 422),
        ("to=l5&from=none:", 404),
        ("from=nobody:l5&to=l5", 404),
    ],
)
def test_a_comparison_with_a_missing_level_is_refused(client: TestClient, query: str, status: int) -> None:
    html(client, f"{EXAMPLE}/compare?{query}", status)


def test_search_results_mark_the_match_and_link_to_the_entity(client: TestClient) -> None:
    text = html(client, f"{EXAMPLE}/search?q=design")
    assert (
        f'<a href="{EXAMPLE}/competencies/system-design-mastery">System <mark>Design</mark> Mastery' in text
    )
    following = re.search(r'href="([^"]+)" rel="next"', text)
    assert following is not None
    assert "<li>" in html(client, unescape(following.group(1)))
    wide = html(client, "/search?q=scalability&kind=facet")
    assert f'href="{NETFLIX}/facets/scalability-expertise"' in wide
    assert "No results for “zzzz”." in html(client, f"{EXAMPLE}/search?q=zzzz")


@pytest.mark.parametrize(
    "query", ["C%2B%2B", "%22", "-x", "title:", "%00", "%3Cscript%3E", "x" * 3000, "%D9%81"]
)
def test_any_search_is_safe(client: TestClient, query: str) -> None:
    assert "<script>" not in html(client, f"/search?q={query}")
    html(client, f"{EXAMPLE}/search?q={query}")


def seen(text: str) -> str:
    """Return the visible text of HTML on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def said(node: Node) -> list[str]:
    """Return the visible texts of an entity."""
    names = ("title", "summary", "description", "scope", "text", "question", "answer")
    return [seen(markdown(str(found))) for name in names if (found := getattr(node.entity, name, None))]


def test_the_printed_ladder_has_every_text_of_the_ladder(seeds: Api) -> None:
    serving = seeds.application.serving
    for release in serving.freshness.catalog.releases["example-engineering"]:
        path = f"{EXAMPLE}@{release.version}/print"
        whole = html(seeds.client, path)
        nodes = serving.loaded.get(release).index.nodes
        texts = {text for node in nodes for text in said(node)}
        assert [text for text in sorted(texts) if text not in seen(whole)] == []
        ways = {unescape(url) for url in re.findall(r'href="([^"]+/print\?[^"]+)"', whole)}
        assert len(ways) == 4
        parts = [seen(html(seeds.client, way).partition("</nav>\n<div")[2]) for way in sorted(ways)]
        rest = {text for text in texts if not any(text in part for part in parts)}
        assert rest <= set(said(nodes[0]))


def test_the_printed_ladder_marks_texts_in_another_language(
    client: TestClient, sqlite_databases: SqliteDatabases
) -> None:
    assert " lang=" not in html(client, f"{EXAMPLE}/print").partition("<main")[2]
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(draft({"/language": "fr"}), "1.0.0", NOW)
        main = html(api.client, "/ladders/acme/print").partition("<main")[2]
    assert '<header class="head" lang="fr">\n<p class="eyebrow" lang="en">Release' in main
    assert '</nav>\n<div lang="fr">' in main
    assert '<h2 id="competencies" lang="en">Competencies</h2>' in main


def test_an_unknown_part_of_the_printed_ladder_is_refused(client: TestClient) -> None:
    text = html(client, f"{EXAMPLE}/print?track=managment", 422)
    assert "Did you mean 'management'?" in unescape(text)
    html(client, f"{EXAMPLE}/print?part=all", 422)


def test_large_ladders_are_shown_in_parts(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(generate(1, Shape(levels=40, competencies=8, facets=4, statements=4)), "1.0.0", NOW)
        slug = slug_of(1)
        assert "too large for one page" in html(api.client, f"/ladders/{slug}/print")
        assert 'id="competency:craft-7"' in html(api.client, f"/ladders/{slug}/print?part=competencies")
        first = html(api.client, f"/ladders/{slug}/print?track=guild")
        ways = [unescape(url) for url in re.findall(r'href="([^"]+/print\?[^"]*number=[^"]*)"', first)]
        pages = [api.client.get(url, headers=HTML) for url in ways]
        printed = [
            level for page in pages for level in re.findall(r'<section[^>]* id="level:(\w+)"', page.text)
        ]
        assert printed == [f"g{number}" for number in range(1, 41)]
        assert len(pages) > 2
        assert max(weighed(api.client, page) for page in pages) < MOST_BYTES
        assert html(api.client, f"/ladders/{slug}/matrix?column=32").count('scope="col"') == 8
        assert "Next levels" in html(api.client, f"/ladders/{slug}/matrix")
        assert "Higher levels" in html(api.client, f"/ladders/{slug}/competencies/craft-0")
        assert "Lower levels" in html(api.client, f"/ladders/{slug}/competencies/craft-0?column=24")
        assert "and levels below</summary>" in html(api.client, f"/ladders/{slug}/levels/g40")
        assert "more statements" in html(api.client, f"/ladders/{slug}/compare?from=g1&to=g40")


def test_pages_of_a_ladder_with_200_levels_and_200_competencies_are_light_and_complete(
    sqlite_databases: SqliteDatabases,
) -> None:
    shape = Shape(levels=200, competencies=200, facets=0, statements=0)
    large = generate(1, shape)
    asked = tuple(
        Expectation(level=level, competency=one.slug, statements=(Statement(text=f"{level} {one.slug}."),))
        for level in ("g1", "g199", "g200")
        for one in large.competencies
    )
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(large.model_copy(update={"expectations": asked}), "1.0.0", NOW)
        home = f"/ladders/{slug_of(1)}"
        for path in (home, f"{home}/matrix", f"{home}/competencies/craft-150", f"{home}/compare"):
            assert weight(api.client, path) < MOST_BYTES
        assert shown_on(api.client, f"{home}/levels/g200") == {f"competency:craft-{n}" for n in range(200)}
        pair = f"{home}/compare?from=g1&to=g200"
        assert shown_on(api.client, pair) == {f"competency:craft-{n}" for n in range(200)}
        entity = f"{home}/expectations/g199--craft-150"
        place = api.client.get(entity, headers=HTML).headers["location"]
        page, _, fragment = place.partition("#")
        assert f'id="{fragment}"' in html(api.client, page)
        matrix = html(api.client, f"{home}/matrix?column=192&row=144&rows=competencies")
        page, _, fragment = re.findall(r'href="([^"]+/levels/g199\?[^"]+)"', matrix)[0].partition("#")
        assert f'id="{fragment}"' in html(api.client, unescape(page))
        assert "Did you mean" in html(api.client, f"{home}/levels/g1?competency=craft-201", 422)


def shown_on(client: TestClient, path: str) -> set[str]:
    """Return the competencies on a page and on the pages behind "Next competencies"."""
    found: set[str] = set()
    while path:
        text = html(client, path)
        assert weight(client, path) < MOST_BYTES
        blocks = re.findall(r'<section class="block[^"]*" id="([^"]+)"', text)
        assert found.isdisjoint(blocks)
        found.update(blocks)
        onward = re.search(r'href="([^"]+)">Next competencies', text)
        path = unescape(onward.group(1)) if onward else ""
    return found


def weight(client: TestClient, path: str) -> int:
    """Return the bytes of a page with its styles and script, before any coding."""
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200
    return weighed(client, answer)


def weighed(client: TestClient, page: Any) -> int:  # noqa: ANN401 - of either HTTP library
    """Return the bytes of a response with its styles and script."""
    assets = set(re.findall(r'(?:href|src)="(/assets/[^"]+\.(?:css|js))"', page.text))
    return len(page.content) + sum(int(client.head(url).headers["content-length"]) for url in assets)


def test_every_page_of_the_seeds_is_light(client: TestClient) -> None:
    """The printed ladder is mostly text, some 82 kB; its parts are light."""
    waiting, heavy = ["/"], dict[str, int]()
    known = set(waiting)
    while waiting:
        path = waiting.pop()
        answer = client.get(path, headers=HTML, follow_redirects=True)
        if answer.headers["content-type"].startswith("text/html"):
            size = weighed(client, answer)
            if size >= MOST_BYTES:
                heavy[path] = size
            fresh = {url for url in links(answer.text) - known if not url.endswith("/try")}  # forms
            known |= fresh
            waiting += fresh
    assert set(heavy) <= {f"{EXAMPLE}{pin}/print" for pin in ("", "@1.0.0", "@1.1.0", "@latest")}
    assert max(heavy.values(), default=0) < MOST_BYTES_PRINTED


def test_the_printed_ladder_is_light_when_compressed(client: TestClient) -> None:
    page = client.get(f"{EXAMPLE}/print", headers={**HTML, "accept-encoding": "gzip"})
    assets = set(re.findall(r'(?:href|src)="(/assets/[^"]+\.(?:css|js))"', page.text))
    loaded = [page, *(client.get(url, headers={"accept-encoding": "gzip"}) for url in sorted(assets))]
    assert {answer.headers["content-encoding"] for answer in loaded} == {"gzip"}
    assert sum(int(answer.headers["content-length"]) for answer in loaded) < MOST_BYTES_SENT


def test_the_diff_page_counts_changes_by_what_they_mean(client: TestClient) -> None:
    text = html(client, f"{EXAMPLE}/diff?from=1.0.0&to=1.1.0")
    assert re.findall(r"<dt>([^<]+)</dt><dd><a [^>]+>(\d+) changes?<", text) == [
        ("Expects less", "1"),
        ("New or clearer", "11"),
        ("Editorial", "2"),
    ]
    assert html(client, f"{EXAMPLE}/diff?from=&to=") == text
    assert "Nothing changed." in html(client, f"{EXAMPLE}/diff?from=1.0.0&to=1.0.0")


def test_a_missing_page_is_html_for_browsers_and_problem_details_for_programs(
    client: TestClient,
) -> None:
    path = f"{EXAMPLE}/levels/l55"
    answer = client.get(path, headers=HTML)
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["vary"] == "accept, accept-language"
    assert f'<a href="{EXAMPLE}/levels/l5">l5</a>' in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert problem(client.get(path))[:2] == (404, "not-found")
    assert problem(client.get(f"/v1{path}", headers=HTML))[:2] == (404, "not-found")


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (
            "/ladders/exmple-engineering",
            404,
            '<a href="/ladders/example-engineering">example-engineering</a>',
        ),
        (f"{EXAMPLE}@1.1.0/levels/l0", 404, '<a href="/ladders/example-engineering@1.1.0">'),
        (f"{EXAMPLE}@9.9.9", 404, "1.1.0, 1.0.0"),
        (f"{EXAMPLE}@draft", 401, "<h1>Sign in</h1>"),
        (f"{EXAMPLE}/faqs/degree-required", 410, "faq:years-of-experience"),
        (f"{EXAMPLE}/matrix?track=a&track=b", 422, "<code>track</code>"),
        ("/nothing", 404, "There is no page at this address."),
        (f"{EXAMPLE}/nothing", 404, "There is no page at this address."),
        (f"{EXAMPLE}/nothing/there", 404, "There is no page at this address."),
        ("/ladders/%00", 404, "All ladders"),
        (f"/{'x' * 9000}", 414, "longer than"),
    ],
)
def test_an_error_page_links_onward(client: TestClient, path: str, status: int, said: str) -> None:
    assert said in unescape(html(client, path, status))


def test_a_page_refuses_other_methods(client: TestClient) -> None:
    answer = client.post(EXAMPLE, headers=HTML)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    ("plain", "tracked"),
    [
        ("/", "/?utm_source=x&fbclid=y"),
        (f"{EXAMPLE}/levels/l5", f"{EXAMPLE}/levels/l5?gclid=1"),
        (f"{EXAMPLE}/matrix?track=management", f"{EXAMPLE}/matrix?utm_medium=a&track=management&utm_id=b"),
        ("/search?q=utm_source", "/search?utm_source=x&q=utm_source"),
    ],
)
def test_tracking_parameters_change_no_page(client: TestClient, plain: str, tracked: str) -> None:
    asked, other = client.get(plain, headers=HTML), client.get(tracked, headers=HTML)
    assert (other.status_code, other.content) == (200, asked.content)


@pytest.mark.parametrize("name", ["ref", "mc_cid", "mkt_tok", "_hsenc", "msclkid", "trk", "anything"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        EXAMPLE,
        f"{EXAMPLE}@1.0.0/levels/l5",
        f"{EXAMPLE}/competencies/technical-leadership",
        f"{EXAMPLE}/matrix?track=management",
        f"{EXAMPLE}/compare?from=l4&to=l5",
        f"{EXAMPLE}/diff?from=1.0.0&to=1.1.0",
        f"{EXAMPLE}/search?q=design",
        "/search?q=design",
        f"{EXAMPLE}/print?part=texts",
        f"{EXAMPLE}/faqs",
        f"{EXAMPLE}/releases",
        "/problems",
    ],
)
def test_a_page_ignores_parameters_that_it_does_not_know(client: TestClient, path: str, name: str) -> None:
    page = html(client, path)
    assert html(client, f"{path}{'&' if '?' in path else '?'}{name}=x") == page


def test_a_page_refuses_a_parameter_that_it_knows_if_it_comes_twice(client: TestClient) -> None:
    answer = client.get(f"{EXAMPLE}/matrix?track=management&track=x")
    assert problem(answer)[:2] == (422, "invalid-parameter")
    assert client.get(f"{EXAMPLE}/matrix?ref=a&ref=b", headers=HTML).status_code == 200


@pytest.mark.parametrize("name", ["utm_source", "fbclid", "gclid", "ref", "msclkid"])
def test_the_api_rejects_tracking_parameters(client: TestClient, name: str) -> None:
    assert problem(client.get(f"/v1{EXAMPLE}/levels?{name}=x"))[:2] == (422, "invalid-parameter")


def test_the_curl_command_of_a_page_can_be_pasted_into_a_shell(client: TestClient) -> None:
    text = html(client, f"{EXAMPLE}/compare?from=l4&to=l5")
    line = unescape(re.sub(r"<[^>]*>", "", re.findall(r"<pre><code>(curl .*?)</code>", text)[0]))
    assert shlex.split(line) == ["curl", f"https://this-server/v1{EXAMPLE}/compare?from=l4&to=l5"]


def test_the_release_menu_links_to_the_same_page_or_the_nearest_one(
    sqlite_databases: SqliteDatabases,
) -> None:
    def level(slug: str, *formerly: str) -> Level:
        return Level(slug=slug, track="ic", title=slug.upper(), formerly=formerly)

    track = Track(slug="ic", title="Ladder")
    first = Ladder(slug="one", title="One", tracks=(track,), levels=(level("a"), level("b")))
    gone = Removal(kind="level", slug="b", reason="Nobody was there.")
    second = first.model_copy(update={"levels": (level("aa", "a"), level("c")), "removals": (gone,)})
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(first, "1.0.0", NOW - timedelta(days=1))
        api.publish(second, "2.0.0", NOW)

        def leads(page: str, version: str) -> str:
            text = html(api.client, f"/ladders/one{page}")
            found = re.search(rf'<li><a href="([^"]+)"[^>]*>{re.escape(version)} ', text)
            assert found is not None
            answer = api.client.get(unescape(found.group(1)), headers=HTML, follow_redirects=True)
            assert answer.status_code == 200
            return str(answer.url).removeprefix("http://testserver/ladders/one")

        assert leads("/levels/aa", "1.0.0") == "@1.0.0/levels/a"
        assert leads("/levels/c", "1.0.0") == "@1.0.0"
        assert leads("@1.0.0/levels/a", "2.0.0") == "/levels/aa"
        assert leads("@1.0.0/levels/b", "2.0.0") == ""
        assert leads("@1.0.0/matrix", "2.0.0") == "/matrix"
        assert leads("@1.0.0/matrix?track=ic&row=0", "2.0.0") == "/matrix?track=ic"
        assert leads("@1.0.0/compare?from=a&to=b", "2.0.0") == "/compare"
        assert leads("@1.0.0/search?q=a", "2.0.0") == "/search?q=a"
        assert 'same?page=%2Flevels%2Fb">Read 2.0.0' in html(api.client, "/ladders/one@1.0.0/levels/b")
        nowhere = api.client.get("/ladders/one/same?page=//elsewhere.example/x", headers=HTML)
        assert nowhere.headers["location"] == "/ladders/one"
        moved = api.client.get("/ladders/one@2.0.0/levels/a?competency=x", headers=HTML)
        assert moved.headers["location"] == "/ladders/one@2.0.0/levels/aa?competency=x"


def ladder(slug: str, title: str = "Ladder") -> Ladder:
    return Ladder(slug=slug, title=title)


def test_without_ladders_the_start_page_says_how_to_add_one(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        text = html(api.client, "/")
        assert "There is no ladder yet" in text
        assert "ladder seed" in text


def test_the_list_of_ladders_is_paged(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        for number in range(51):
            api.publish(ladder(f"ladder-{number:02}", f"Number {number}"), "1.0.0", NOW)
        first = html(api.client, "/")
        assert "Number 49" in first
        following = re.search(r'href="([^"]+)" rel="next"', first)
        assert following is not None
        second = html(api.client, unescape(following.group(1)))
        assert re.findall(r"Number \d+", second) == ["Number 50"]


def test_pages_say_if_a_release_is_scheduled_withdrawn_or_being_retired(
    sqlite_databases: SqliteDatabases,
) -> None:
    clock = Clock()
    with sqlite_databases.fresh("migrated") as url, serve(url, clock) as api:
        path = "/ladders/one"
        api.publish(ladder("one"), "1.0.0", NOW, NOW + timedelta(days=9))
        assert "No release of 'one' is in force." in unescape(html(api.client, path, 404))
        ahead = html(api.client, f"{path}@latest")
        assert "1.0.0 comes into force on 1 December 2026. No release is in force." in ahead
        assert 'href="/ladders/one@latest"' in html(api.client, "/")
        clock.moment = NOW + timedelta(days=10)
        api.refresh()
        api.publish(ladder("one", "Better"), "1.0.1", clock.moment)
        api.say("one", "1.0.0", Event("deprecated", clock.moment, "Old words.", Version(1, 0, 1)))
        api.say("one", "1.0.1", Event("withdrawn", clock.moment, "Wrong words."))
        old = html(api.client, f"{path}@1.0.0")
        assert "1.0.0 is being retired. Please use 1.0.1. Old words." in old
        withdrawn = html(api.client, f"{path}@1.0.1")
        assert "1.0.1 was withdrawn. 1.0.0 is in force. Wrong words." in withdrawn
        listed = html(api.client, f"{path}/releases")
        assert "Withdrawn since 2 December 2026" in listed
        assert 'class="in-force"' in listed


def test_the_list_of_releases_shows_why_a_number_is_below_the_minimum(database_url: str) -> None:
    with serve(database_url) as api:
        begun(api, HARDER)
        key = api.key("pat", "publish", "write")
        asked = {"content_sha256": sha(HARDER), "bump": "minor", "because": "L4 was *always* like this."}
        made = api.client.post(f"{ACME}/releases", json=asked, headers=key)
        assert made.status_code == 201
        sentence = (
            "Published as 1.1.0, below the minimum of 2.0.0, because: L4 was <em>always</em> like this."
        )
        page = html(api.client, "/ladders/acme/releases")
        assert page.count("below the minimum") == 1
        assert sentence.replace("<em>", "*").replace("</em>", "*") in page
        write_draft(api, CLEARER, "ada")
        asked = {"content_sha256": sha(CLEARER), "bump": "patch", "because": "A <slip>.", "notes": "Ours."}
        assert api.client.post(f"{ACME}/releases", json=asked, headers=key).status_code == 201
        page = html(api.client, "/ladders/acme/releases")
        assert "Published as 1.1.1, below the minimum of 1.2.0, because: A &lt;slip&gt;." in page
        drawn = api.client.get(f"{ACME}/releases/timeline.svg").text
        assert "Published as 1.1.1, below the minimum of 1.2.0, because: A &lt;slip&gt;. Ours." in drawn


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_the_text_of_a_ladder_cannot_inject_markup(sqlite_databases: SqliteDatabases) -> None:
    example = Example(title=EVIL, text=EVIL)
    evil = Ladder(
        slug="evil",
        title=EVIL,
        summary=EVIL,
        tracks=(Track(slug="t", title=EVIL, summary=EVIL),),
        levels=(Level(slug="l", track="t", code=EVIL, title=EVIL, scope=EVIL, examples=(example,)),),
        competencies=(
            Competency(
                slug="c",
                title=EVIL,
                category=EVIL,
                references=(Link(title=EVIL, url="javascript:alert(1)", summary=EVIL),),
            ),
        ),
        expectations=(
            Expectation(level="l", competency="c", summary=EVIL, statements=(Statement(text=EVIL),)),
        ),
        faqs=(Faq(slug="f", question=EVIL, answer=EVIL, group=EVIL, about=("level:l",)),),
        pages=(Page(slug="p", title=EVIL, text=EVIL),),
    )
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(evil, "1.0.0", datetime(2026, 1, 1, tzinfo=UTC))
        api.publish(
            evil.model_copy(update={"summary": f"{EVIL}!"}), "1.0.1", datetime(2026, 1, 2, tzinfo=UTC)
        )
        home = "/ladders/evil"
        below = ("", "/levels/l", "/competencies/c", "/faqs", "/pages/p", "/releases", "/diff")
        for path in ("/", *(home + part for part in below)):
            text = html(api.client, path)
            assert not re.search(r"<script(?! src=\"/assets/)|<img(?! src=\"/v1/)|javascript:", text), path
            assert not re.search(r"<[^>]*[\s\"']onerror=[^>]*>", re.sub(r'"[^"]*"', '""', text)), path


@pytest.mark.parametrize("path", ["/search", f"{EXAMPLE}/search"])
@pytest.mark.parametrize("cursor", ["x" * 513, "none", "%00"])
def test_a_page_refuses_an_invalid_cursor(client: TestClient, path: str, cursor: str) -> None:
    html(client, f"{path}?q=design&cursor={cursor}", 422)
