"""Views are small by default, and `expand` and the other formats have the rest."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from tests.api.serving import EXAMPLE

Json = dict[str, Any]
MOST_BYTES: Final = 40_000
LEVELS: Final = ("l3", "l4", "l5", "l6", "l7", "m1", "m2", "m3")


def pages(client: TestClient, path: str) -> Iterator[bytes]:
    """Yield every page of a list."""
    following: str | None = path
    while following:
        answer = client.get(following)
        assert answer.status_code == 200, following
        yield answer.content
        following = answer.json()["links"].get("next")


def items(client: TestClient, path: str) -> Iterator[Json]:
    """Yield every item of a list."""
    following: str | None = path
    while following:
        body = client.get(following).json()
        yield from body["items"]
        following = body["links"].get("next")


def texts(item: Json) -> Iterator[tuple[str, str]]:
    """Yield each text in which a next level differs, with the slug of the level."""
    for cell in item["cells"]:
        for part in ("added", "dropped", "unasked"):
            for source in cell.get(part, ()):
                if "summary" in source:
                    yield item["level"], source["summary"]
                yield from ((item["level"], line["text"]) for line in source.get("statements", ()))
        yield from ((item["level"], line["text"]) for line in cell.get("ahead", ()))


@pytest.mark.parametrize("level", LEVELS)
def test_a_page_of_next_levels_is_under_40_kb(client: TestClient, level: str) -> None:
    for page in pages(client, f"{EXAMPLE}/levels/{level}/next"):
        assert len(page) < MOST_BYTES


@pytest.mark.parametrize("level", LEVELS)
def test_a_page_with_texts_has_one_item_or_is_under_40_kb(client: TestClient, level: str) -> None:
    for page in pages(client, f"{EXAMPLE}/levels/{level}/next?expand=lines"):
        assert len(page) < MOST_BYTES or len(json.loads(page)["items"]) == 1


def test_the_next_levels_of_l5_fit_on_one_page(client: TestClient) -> None:
    body = client.get(f"{EXAMPLE}/levels/l5/next").json()
    assert [item["level"] for item in body["items"]] == ["l6", "m1", "m2"]
    assert "next" not in body["links"]


@pytest.mark.parametrize("query", ["expand=lines", "fields=level_properties"])
def test_what_the_levels_say_of_themselves_is_there_on_request(client: TestClient, query: str) -> None:
    path = f"{EXAMPLE}/levels/l5/next"
    assert not [item for item in items(client, path) if "level_properties" in item]
    for item in items(client, f"{path}?{query}"):
        assert {"summary", "scope", "attributes"} <= {one["field"] for one in item["level_properties"]}


@pytest.mark.parametrize("level", LEVELS)
def test_the_pages_with_lines_have_every_text_of_the_table(client: TestClient, level: str) -> None:
    path = f"{EXAMPLE}/levels/{level}/next"
    found = [pair for item in items(client, f"{path}?expand=lines") for pair in texts(item)]
    rows = csv.DictReader(StringIO(client.get(f"{path}.csv").text))
    assert Counter(found) == Counter((row["next_level"], row["text"]) for row in rows)


def test_a_cell_of_the_matrix_has_one_link(client: TestClient) -> None:
    cells = [cell for row in items(client, f"{EXAMPLE}/matrix") for cell in row["cells"]]
    assert {tuple(cell["links"]) for cell in cells if "links" in cell} == {("effective",)}


def test_a_compared_place_has_one_link_and_its_sides_and_texts_none(client: TestClient) -> None:
    for item in items(client, f"{EXAMPLE}/compare?from=l4&to=l5"):
        assert tuple(item["links"]) == ("effective",)
        texts = item.get("texts", ())
        sides = [part[side] for part in (item, *texts) for side in ("before", "after") if side in part]
        assert not [side for side in sides if "links" in side]


@pytest.mark.parametrize(("start", "end"), [("l4", "l5"), ("l5", "m1"), ("l3", "l7")])
def test_a_text_that_both_levels_have_appears_once(client: TestClient, start: str, end: str) -> None:
    path = f"{EXAMPLE}/compare?from={start}&to={end}"
    shown = [text for item in items(client, path) for text in item.get("texts", ())]
    same = [text for text in shown if text["change"] == "same" and "before" not in text]
    assert same
    assert not [text for text in shown if text.get("before") == text.get("after")]
    assert {text["change"] for text in shown if "before" not in text} <= {"new", "same"}


def test_a_comparison_of_two_levels_is_under_85_kb(client: TestClient) -> None:
    assert all(len(page) < 85_000 for page in pages(client, f"{EXAMPLE}/compare?from=l4&to=l5"))
