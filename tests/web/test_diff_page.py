"""The page of changes between two releases: by level and competency, in words, with Markdown rendered."""

import re
from datetime import UTC, datetime, timedelta

from starlette.testclient import TestClient

from app.rubric.ladder import Ladder
from tests.api.serving import EXAMPLE, serve
from tests.databases import SqliteDatabases

HOME = EXAMPLE.removeprefix("/v1")
DIFF = f"{HOME}/diff?from=1.0.0&to=1.1.0"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def page(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text


def headings(text: str) -> list[str]:
    return re.findall(r"<h2[^>]*>([^<]+)</h2>", text)


def test_changes_are_grouped_by_the_levels_that_they_concern(client: TestClient) -> None:
    found = headings(page(client, DIFF))
    assert found[0] == "L4 Software engineer II"
    assert found[-2:] == ["All levels", "Everything else"]
    assert "M1 and M2" in found


def test_a_change_of_an_expectation_names_its_place_and_says_what_changed_in_words(
    client: TestClient,
) -> None:
    text = page(client, DIFF)
    assert "System Design Mastery · Performance Optimization</a></h3>" in text
    assert re.search(r"<dt[^>]*>Required or optional</dt>\s*<dd[^>]*>required → optional</dd>", text)


def test_a_new_expectation_shows_its_summary_and_whether_it_applies(
    sqlite_databases: SqliteDatabases,
) -> None:
    old = {
        "slug": "one",
        "title": "One",
        "tracks": [{"slug": "ic", "title": "Maker"}],
        "levels": [{"slug": slug, "title": slug.upper(), "track": "ic"} for slug in ("l1", "l2")],
        "competencies": [{"slug": "law", "title": "Law"}],
    }
    written = {"competency": "law", "summary": "Explains new rules", "statements": [{"text": "Asks early"}]}
    unused = {"competency": "law", "level": "l1", "applicability": "not-in-use"}
    new = {**old, "expectations": [unused, {**written, "level": "l2", "applicability": "optional"}]}
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(Ladder.model_validate(old), "1.0.0", NOW)
        api.publish(Ladder.model_validate(new), "1.1.0", NOW + timedelta(days=1))
        text = page(api.client, "/ladders/one/diff?from=1.0.0&to=1.1.0")
    shown = re.findall(r'<div class="change-text"[^>]*>(.*?)</div>', text, re.DOTALL)
    shown = [re.sub(r"<[^>]+>", "", one).strip() for one in shown]
    assert sorted(shown) == ["Asks early", "Explains new rules", "not in use", "optional"]


def test_a_renamed_entity_shows_its_former_name(client: TestClient) -> None:
    assert re.search(r"Formerly <span[^>]*>keep-a-work-log</span>", page(client, DIFF))


def test_a_diff_can_be_limited_to_a_level_a_competency_and_a_class(client: TestClient) -> None:
    assert headings(page(client, f"{DIFF}&level=m2"))[0] == "M1 and M2"
    assert "Everything else" not in headings(page(client, f"{DIFF}&level=m2"))
    text = page(client, f"{DIFF}&competency=deep-technical-expertise")
    assert headings(text) == ["All levels"]
    assert text.count('<article class="change"') == 1
    assert 'href="/v1/ladders/example-engineering/diff?competency=deep-technical-expertise&amp;' in text
    assert headings(page(client, f"{DIFF}&impact=asks-less")) == ["M1 and M2"]
    assert "Nothing changed here." in page(client, f"{DIFF}&level=l3&impact=asks-less")
    assert client.get(f"{DIFF}&level=l33").status_code == 422


def test_markdown_is_rendered_and_unchanged_paragraphs_are_folded(sqlite_databases: SqliteDatabases) -> None:
    def ladder(text: str) -> Ladder:
        written = {"slug": "text", "title": "Text", "text": text}
        return Ladder.model_validate({"slug": "one", "title": "One", "pages": [written]})

    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(ladder("First **bold** one.\n\nA *second* one.\n\nThird <b>one</b>."), "1.0.0", NOW)
        api.publish(
            ladder("First **bold** one.\n\nA *new* one.\n\nThird <b>one</b>."),
            "1.1.0",
            NOW + timedelta(days=1),
        )
        text = page(api.client, "/ladders/one/diff?from=1.0.0&to=1.1.0")
        changed = re.search(r"<dd[^>]*>(.*?)</dd>\s*</dl>\s*</article>", text, re.DOTALL)
        assert changed is not None
        assert re.findall(r"<summary[^>]*>([^<]+)", changed[1]) == ["1 unchanged paragraph"] * 2
        assert "<strong>bold</strong>" in changed[1]
        assert "Third &lt;b&gt;one&lt;/b&gt;." in changed[1]
        assert re.search(r"<p>A .*<del>.*second.*</del>.*<ins>.*new.*</ins>.* one\.</p>", changed[1])
