"""Rules of relative links: each leads to a text of the ladder, to one of its headings, or to an entity."""

import pytest

from tests.rubric.drafts import findings

_RULES = {
    "slug": "rules",
    "title": "Rules",
    "text": "# Who `decides`?\n\nAll. [Up](#who-decides)\n\nSetext\n---\n",
}


@pytest.mark.parametrize(
    "link",
    [
        "rules",
        "rules.md",
        "../Rules.html",
        "/rules/",
        "rules/README.md#setext",
        "rules#who-decides",
        "#level:l5",
        "https://example.com/gone",
        "//example.com/gone",
        "mailto:a@example.com",
        "/ladders/acme",
        "/v1/ladders",
        "/",
    ],
)
def test_a_link_to_a_text_a_heading_an_entity_or_another_site_is_no_finding(link: str) -> None:
    edits = {"/pages": [_RULES], "/levels/0/summary": f"See [this]({link})."}
    assert findings(edits) == []


@pytest.mark.parametrize(
    "link", ["other.md", "/handbook/pay/", "rules#gone", "#gone", "#level:l9", "../", "picture.png"]
)
def test_a_relative_link_that_leads_to_nothing_is_a_finding(link: str) -> None:
    edits = {"/pages": [_RULES], "/levels/0/summary": f"See [this]({link}), not `[that](code.md)`."}
    message = (
        f"{link!r} leads to no text or heading of this ladder; write the slug of a text, or a whole URL such "
        "as 'https://example.com/page'"
    )
    assert findings(edits) == [("/levels/0/summary", "dead-link", message)]


def test_links_in_code_are_no_links_and_definitions_are() -> None:
    text = "```\n[a](a.md)\n```\n\n[b][c]\n\n[c]: gone.md\n"
    found = findings({"/pages": [{**_RULES, "text": text}]})
    assert [(path, code) for path, code, _ in found] == [("/pages/0/text", "dead-link")]
