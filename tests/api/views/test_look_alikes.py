"""Categories and groups whose names look the same are one, wherever they are grouped or matched."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import pytest

from tests.api.serving import NOW, Api, Clock, serve
from tests.databases import SqliteDatabases
from tests.rubric.drafts import draft

COMPOSED: Final = "Qualit\u00e9 du  code"
DECOMPOSED: Final = "QUALITE\u0301 du code"
HOME: Final = "/v1/ladders/acme@1.0.0"


@pytest.fixture(scope="module")
def api(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    ladder = draft(
        {
            "/competencies/0/category": COMPOSED,
            "/competencies/1/category": "Delivery",
            "/competencies/-": {"slug": "third", "title": "Third", "category": DECOMPOSED},
            "/tracks/0/group": COMPOSED,
            "/tracks/-": {"slug": "other", "title": "Other", "group": DECOMPOSED},
            "/levels/0/rank": 1,
            "/levels/1/rank": 2,
            "/levels/-": {"slug": "o2", "track": "other", "title": "O2", "rank": 2},
            "/faqs": [
                {"slug": "first", "question": "First?", "answer": "Yes.", "group": COMPOSED},
                {"slug": "mid", "question": "Mid?", "answer": "Yes."},
                {"slug": "last", "question": "Last?", "answer": "Yes.", "group": DECOMPOSED},
            ],
        }
    )
    with sqlite_databases.fresh("migrated") as url, serve(url, Clock()) as served:
        served.publish(ladder, "1.0.0", NOW)
        yield served


@pytest.mark.parametrize("name", [COMPOSED, DECOMPOSED, "qualit\u00e9 du code"])
def test_a_filter_by_one_spelling_finds_all(api: Api, name: str) -> None:
    asked = quote(name)
    found = api.json(f"{HOME}/competencies?category={asked}")["items"]
    assert [one["slug"] for one in found] == ["quality", "third"]
    rows = api.json(f"{HOME}/matrix?category={asked}&rows=competencies")["items"]
    assert [one["competency"] for one in rows] == ["quality", "third"]
    assert [one["slug"] for one in api.json(f"{HOME}/faqs?group={asked}")["items"]] == ["first", "last"]
    moves = api.json(f"{HOME}/levels/l4/next?group={asked}")["items"]
    assert [one["level"] for one in moves] == ["l5", "o2"]
    assert api.client.get(f"{HOME}/matrix.svg?category={asked}").status_code == 200


def test_pages_and_pictures_have_one_heading_for_all_spellings(api: Api) -> None:
    page = api.client.get("/ladders/acme@1.0.0").text
    assert page.count(f">{COMPOSED}<") == 1
    assert DECOMPOSED not in page
    questions = api.client.get("/ladders/acme@1.0.0/faqs").text
    assert questions.count(f">{COMPOSED}<") == 1
    assert DECOMPOSED not in questions
    assert questions.index("Last?") < questions.index("Mid?")
    picture = api.client.get(f"{HOME}/matrix.svg").text
    assert picture.count("Qualit\u00e9 du code</text>") == 1
    assert "QUALIT" not in picture
