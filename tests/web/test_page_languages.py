"""The language of a page: that of its ladder if pages speak it, else the browser's, else English."""

import re

import pytest
from starlette.testclient import TestClient

from app.serving.answers.negotiation import choose_language
from app.web.translation.languages import LANGUAGES
from tests.api.serving import NOW, Api, serve
from tests.databases import SqliteDatabases
from tests.rubric.drafts import draft

HTML = {"accept": "text/html"}
GERMAN = {**HTML, "accept-language": "de-AT,de;q=0.9,en;q=0.5"}
EXAMPLE = "/ladders/example-engineering"


def spoken(client: TestClient, path: str, headers: dict[str, str]) -> tuple[str, str | None, str]:
    """Return the language of a page, what it varies by, and the words that skip to its content."""
    answer = client.get(path, headers=headers)
    language = re.search(r'<html lang="(\w+)" dir="ltr" ', answer.text)
    skip = re.search(r'<a class="skip" href="#content">([^<]+)</a>', answer.text)
    assert language is not None, path
    assert skip is not None, path
    return language[1], answer.headers.get("vary"), skip[1]


def in_language(api: Api, language: str) -> str:
    """Publish the small ladder in a language and return the path of its page."""
    api.publish(draft({"/slug": f"acme-{language.lower()}", "/language": language}), "1.0.0", NOW)
    return f"/ladders/acme-{language.lower()}"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("DE-de", "de"),
        ("de-x-abc-def", "de"),
        ("de-Latn-CH-1996", "de"),
        ("fr, de;q=0.3, en;q=0.2", "de"),
        ("en, de", "en"),
        ("de;q=0.4, en;q=0.6", "en"),
        ("de;q=0, fr", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("dex", "en"),
        ("", "en"),
        (";;,=,q", "en"),
    ],
)
def test_the_preferred_language_is_looked_up_by_its_beginning(header: str, language: str) -> None:
    assert choose_language(header.encode(), LANGUAGES) == language


@pytest.mark.parametrize("path", ["/", "/search", "/sign-in"])
def test_a_page_of_no_ladder_speaks_the_language_of_the_browser(client: TestClient, path: str) -> None:
    for _ in range(2):  # the second time from memory
        assert spoken(client, path, GERMAN)[::2] == ("de", "Zum Inhalt springen")
        assert spoken(client, path, {**HTML, "accept-language": "fr"})[::2] == ("en", "Skip to content")
        assert spoken(client, path, HTML)[::2] == ("en", "Skip to content")


def test_only_a_page_whose_language_the_browser_decides_varies_by_it(client: TestClient) -> None:
    assert spoken(client, "/", HTML)[1] == "authorization, cookie, accept-language, accept-encoding"
    assert spoken(client, EXAMPLE, GERMAN) == ("en", "cookie, accept-encoding", "Skip to content")
    assert "accept-language" not in client.get("/v1/ladders", headers=GERMAN).headers.get("vary", "")


def test_a_ladder_is_shown_in_its_language_or_the_one_of_the_browser(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        german, french, arabic = (in_language(api, language) for language in ("de-CH", "fr", "ar"))
        for _ in range(2):  # the second time from memory
            for headers in (HTML, GERMAN, {**HTML, "accept-language": "en"}):
                assert spoken(api.client, german, headers)[:2] == ("de", "cookie, accept-encoding")
            for path in (french, arabic):
                vary = "cookie, accept-language, accept-encoding"
                assert spoken(api.client, path, HTML)[:2] == ("en", vary)
                assert spoken(api.client, path, GERMAN)[:2] == ("de", vary)
        assert '<main id="content" tabindex="-1" dir="rtl">' in api.client.get(arabic).text


def test_each_language_of_a_page_has_an_entity_tag_of_its_own(client: TestClient) -> None:
    tags = {}
    for headers in (HTML, GERMAN):
        first, again = (client.get("/", headers=headers) for _ in range(2))
        tags[first.headers["etag"]] = headers
        assert (again.headers["etag"], again.content) == (first.headers["etag"], first.content)
    assert len(tags) == 2
    for tag, headers in tags.items():
        assert client.get("/", headers={**headers, "if-none-match": tag}).status_code == 304
        other = HTML if headers is GERMAN else GERMAN
        assert client.get("/", headers={**other, "if-none-match": tag}).status_code == 200


def test_an_error_page_speaks_the_language_of_the_browser(client: TestClient) -> None:
    answer = client.get(f"{EXAMPLE}/levels/l55", headers=GERMAN)
    assert (answer.status_code, answer.headers["vary"]) == (404, "accept, accept-language")
    assert '<html lang="de" dir="ltr" ' in answer.text


def test_a_header_that_is_too_long_counts_as_no_preference(client: TestClient) -> None:
    headers = {**HTML, "accept-language": "de" + ",de" * 1000}
    assert spoken(client, "/", headers)[0] == "en"
