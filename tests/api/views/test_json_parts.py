"""Views written by hand of their parts say, byte for byte, what their classes would."""

from typing import Final

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from app.api.reading import json_parts as module
from app.api.reading.bodies import ItemLinks
from app.api.reading.json_parts import listed, parts_of, shaped, written
from app.api.views.compare_bodies import CompareItem, CompareList
from app.api.views.effective import EffectiveList
from app.api.views.matrix_bodies import MatrixList
from app.api.views.next_level_bodies import NextList
from app.rubric.index import Index
from tests.api.serving import EXAMPLE, NETFLIX, serve
from tests.databases import SqliteDatabases
from tests.rubric.drafts import draft

LEVELS: Final = ("l3", "l5", "l7", "m1", "m3")
VIEWS: Final = (
    *((EffectiveList, f"{EXAMPLE}/levels/{level}/effective") for level in LEVELS),
    *((NextList, f"{EXAMPLE}/levels/{level}/next?expand=faqs,tips") for level in LEVELS),
    *((CompareList, f"{EXAMPLE}/compare?from=l4&to={level}") for level in LEVELS),
    (CompareList, f"{EXAMPLE}/compare?from={NETFLIX.rpartition('/')[2]}:l5&to=l5"),
    (MatrixList, f"{EXAMPLE}/matrix"),
    (MatrixList, f"{EXAMPLE}/matrix?rows=facets&column_limit=3&limit=9"),
    (EffectiveList, f"{NETFLIX}/levels/l5/effective"),
    (NextList, f"{NETFLIX}/levels/l5/next"),
)


def asked(client: TestClient, path: str) -> bytes:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    return answer.content


@pytest.mark.parametrize(("model", "path"), VIEWS)
def test_a_view_is_what_its_class_writes(client: TestClient, model: type[BaseModel], path: str) -> None:
    content = asked(client, path)
    body = model.model_validate_json(content, extra="forbid")
    assert body.model_dump_json(by_alias=True, exclude_none=True).encode() == content


def test_what_was_written_before_changes_nothing(
    sqlite_databases: SqliteDatabases, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither that other views were asked for first, nor that nothing can be kept."""
    backward = [asked(client, path) for _, path in reversed(VIEWS)]
    monkeypatch.setattr(module, "_MOST_BYTES", 0)
    with sqlite_databases.fresh("seeded") as url, serve(url) as bare:
        assert [asked(bare.client, path) for _, path in VIEWS] == backward[::-1]


def test_what_keeping_a_part_takes_counts_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 1_000)
    parts = parts_of(Index.of(draft()), "/v1/ladders/acme@1.0.0")
    for number in range(9):
        parts.get(number, lambda: b"{}")
    assert [number for number in range(9) if parts.find(number)] == [6, 7, 8]


def test_properties_stand_in_the_order_of_the_class_under_their_names_in_json() -> None:
    values = {"texts": b"[1, 2]", "change": "new", "match": None, "before": b'{"a":1}', "step_change": "new"}
    assert (
        written(CompareItem, values)
        == b'{"change":"new","before":{"a":1},"step_change":"new","texts":[1, 2]}'
    )
    assert shaped(ItemLinks, {"self_": "/v1", "other": "x"}) == {"self": "/v1"}
    assert written(ItemLinks, {"self_": 'a "b"\n'}) == b'{"self":"a \\"b\\"\\n"}'
    assert written(CompareItem, {}) == b"{}"
    assert listed([b"1", b'"x"']) == b'[1,"x"]'
    assert listed([]) == b"[]"
