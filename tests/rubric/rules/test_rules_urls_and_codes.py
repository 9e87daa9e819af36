"""Rules of values that programs read: language tags, URLs, codes and external ids."""

from typing import Final

import pytest

from tests.rubric.drafts import findings

_LINK: Final = "/references"


def _link(url: str) -> dict[str, object]:
    return {_LINK: [{"title": "Handbook", "url": url}]}


@pytest.mark.parametrize(
    ("language", "fix"),
    [
        ("english", "'en'"),
        ("German", "'de'"),
        ("francais", "'fr'"),
        ("xx", "one such as 'en' or 'pt-BR'"),
        ("zzzzzz", "one such as 'en' or 'pt-BR'"),
    ],
)
def test_a_language_that_is_not_in_the_registry_gets_a_tag_suggested(language: str, fix: str) -> None:
    message = f"{language!r} is not a language tag (BCP 47); write {fix}"
    assert findings({"/language": language}) == [("/language", "unknown-language", message)]
    translation = {"entity": "level:l5", "field": "title", "language": language, "text": "x"}
    assert findings({"/translations": [translation]}) == [
        ("/translations/0/language", "unknown-language", message)
    ]


@pytest.mark.parametrize("language", ["de", "pt-BR", "zh-Hans", "es-419", "sr-Latn", "en-x-acme", "EN-us"])
def test_a_language_of_the_registry_has_no_finding(language: str) -> None:
    assert findings({"/language": language}) == []


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://example.com/a b", "it contains ' '; delete it, or write it as '%20'"),
        ("www.example.com", "it has no scheme; begin it with 'https://'"),
        ("https:///page", "it names no host; write it as 'https://host/path'"),
        ("https://example.com:port/", "its host or port cannot be read; correct them"),
        ("https://[::1/", "its host or port cannot be read; correct them"),
        ("javascript:alert(1)", "'javascript' is not a place; write the URL of a page"),
        (
            "https://example.com/100%",
            "a '%' is not followed by two hexadecimal digits; write '%25' for the sign itself",
        ),
    ],
)
def test_a_url_that_is_none_is_found(url: str, fault: str) -> None:
    message = f"{url!r} is not a URL: {fault}"
    assert findings(_link(url)) == [("/references/0/url", "invalid-url", message)]
    assert findings({"/licence": {"title": "L", "url": url}}) == [("/licence/url", "invalid-url", message)]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a?b=c#d",
        "mailto:a@example.com",
        "/handbook",
        "docs/a.md",
        "https://münchen.example/ü",
    ],
)
def test_a_url_or_path_has_no_finding(url: str) -> None:
    assert findings(_link(url)) == []


def test_a_long_url_is_shortened_in_the_message() -> None:
    ((_, _, message),) = findings(_link("https://example.com/ " + "x" * 1_000_000))
    assert len(message) < 250


def test_the_uri_of_an_alignment_needs_a_scheme() -> None:
    assert findings({"/levels/0/alignments": [{"match": "exact", "uri": "urn:x:1"}]}) == []
    assert findings({"/levels/0/alignments": [{"match": "exact", "uri": "example.com/1"}]}) == [
        (
            "/levels/0/alignments/0/uri",
            "invalid-url",
            "'example.com/1' is not a URL: it has no scheme; begin it with 'https://'",
        )
    ]


def test_a_code_or_external_id_has_no_loose_white_space() -> None:
    loose = "{!r} has white space at an end or a line break; write {!r}"
    assert findings({"/levels/0/code": " L4"}) == [
        ("/levels/0/code", "loose-space", loose.format(" L4", "L4"))
    ]
    assert findings({"/levels/0/external_ids": [{"system": "hr", "id": "JP\n1"}]}) == [
        ("/levels/0/external_ids/0/id", "loose-space", loose.format("JP\n1", "JP 1"))
    ]
