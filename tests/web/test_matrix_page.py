"""The matrix page: parts, categories, a single level on narrow screens, and ladders without levels."""

import re
from datetime import UTC, datetime
from html import unescape

from starlette.testclient import TestClient

from app.rubric.ladder import Ladder
from tests.api.serving import EXAMPLE, serve
from tests.databases import SqliteDatabases

HOME = EXAMPLE.removeprefix("/v1")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def page(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.text)


def tracks(sizes: dict[str, int]) -> Ladder:
    return Ladder.model_validate(
        {
            "slug": "wide",
            "title": "Wide",
            "tracks": [{"slug": track, "title": track} for track in sizes],
            "levels": [
                {"slug": f"{track}-{at}", "track": track, "title": f"{track} {at}"}
                for track, size in sizes.items()
                for at in range(size)
            ],
            "competencies": [{"slug": "craft", "title": "Craft"}],
        }
    )


def test_a_wide_matrix_is_cut_at_whole_tracks(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(tracks({"a": 7, "b": 7, "c": 7, "d": 20, "e": 2}), "1.0.0", NOW)
        path: str | None = "/ladders/wide/matrix"
        parts = []
        while path is not None:
            text = page(api.client, path)
            part = re.search(r"Levels (\d+).(\d+) of 43\.", text)
            assert part is not None
            parts.append((int(part[1]), int(part[2])))
            following = re.search(r'href="([^"]+)"[^>]*>Next levels<', text)
            path = following and following[1]
        assert parts == [(1, 14), (15, 21), (22, 37), (38, 43)]


def test_a_category_begins_with_a_row_of_its_name_and_can_be_chosen(client: TestClient) -> None:
    text = page(client, f"{HOME}/matrix")
    assert '<tr class="category-row"><th colspan="9" scope="rowgroup">' in text
    chosen = page(client, f"{HOME}/matrix?category=leadership")
    assert re.findall(r'<th scope="row"><a [^>]*>([^<]+)<', chosen) == ["Technical Leadership"]
    assert re.search(r'aria-current="true"[^>]*>Leadership</a>', chosen)


def test_one_level_or_two_are_shown_in_cards(client: TestClient) -> None:
    one = page(client, f"{HOME}/matrix?level=l5")
    assert re.findall(r'aria-current="true"[^>]*>([^<]+)</a>', one) == ["L5", "Only this level"]
    assert one.count('<article class="card">') == 7
    assert "<table" not in one
    both = page(client, f"{HOME}/matrix?level=l5&beside=l6")
    assert re.findall(r'aria-current="true"[^>]*>([^<]+)</a>', both) == ["With L6"]
    assert both.count('<p class="label">L5</p>') == both.count('<p class="label">L6</p>') == 7
    assert client.get(f"{HOME}/matrix?level=l55").status_code == 422


def test_a_ladder_without_levels_shows_its_competencies_by_step(sqlite_databases: SqliteDatabases) -> None:
    ladder = Ladder.model_validate(
        {
            "slug": "steps",
            "title": "Steps",
            "scales": [
                {
                    "slug": "scale",
                    "title": "Scale",
                    "steps": [{"slug": "low", "title": "Low"}, {"slug": "high", "title": "High"}],
                }
            ],
            "competencies": [
                {
                    "slug": "craft",
                    "title": "Craft",
                    "scale": "scale",
                    "proficiencies": [{"step": "high", "summary": "Does it well."}],
                }
            ],
        }
    )
    with sqlite_databases.fresh("migrated") as url, serve(url) as api:
        api.publish(ladder, "1.0.0", NOW)
        text = page(api.client, "/ladders/steps/matrix")
        assert re.findall(r'<th scope="col"><a [^>]*>([^<]+)<', text) == ["Low", "High"]
        assert "Does it well." in text
        assert 'class="cards"' not in text
