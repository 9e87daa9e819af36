"""Relative links in the texts of a ladder, on its pages."""

import re

from tests.api.serving import NOW, serve
from tests.databases import SqliteDatabases
from tests.rubric.drafts import draft

_TEXT = """## Who decides?

[a](#who-decides) [b](other.md) [c](/other/#why-so) [d](#level:l5) [e](gone.md) [f](https://example.com/)
"""


def test_relative_links_lead_to_texts_headings_and_entities_of_the_release(
    sqlite_databases: SqliteDatabases,
) -> None:
    pages = [
        {"slug": "rules", "title": "Rules", "text": _TEXT},
        {"slug": "other", "title": "Other", "text": "# Why so\n\nx\n\n# Why so\n"},
    ]
    ladder = draft({"/pages": pages, "/levels/0/summary": "See the [rules](../rules.md)."})
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(ladder, "1.0.0", NOW)
        rules, other, level = (
            api.client.get(f"/ladders/acme@1.0.0{page}").text
            for page in ("/pages/rules", "/pages/other", "/levels/l4")
        )
    home = "/ladders/acme@1.0.0"
    assert re.findall(r'<a href="([^"]+)" rel="noopener noreferrer nofollow">', rules) == [
        "#text-who-decides",
        f"{home}/pages/other",
        f"{home}/pages/other#text-why-so",
        f"{home}/levels/l5",
        "gone.md",
        "https://example.com/",
    ]
    assert '<h2 id="text-who-decides">Who decides?</h2>' in rules
    assert re.findall(r"<h2[^>]*>Why so", other) == ['<h2 id="text-why-so">Why so', "<h2>Why so"]
    assert f'<a href="{home}/pages/rules"' in level
