"""Views that are built as plain dicts have exactly the JSON that their body classes describe."""

from typing import Final

import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from app.api.reading.bodies import ItemLinks, construct
from app.api.reading.json_values import json_object, json_response
from app.api.views.compare_bodies import CompareItem, CompareList
from app.api.views.effective import EffectiveList
from app.api.views.matrix_bodies import MatrixList
from app.api.views.next_level_bodies import NextList
from tests.api.serving import EXAMPLE, NETFLIX

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


@pytest.mark.parametrize(("model", "path"), VIEWS)
def test_a_view_has_the_bytes_that_its_class_would_write(
    client: TestClient, model: type[BaseModel], path: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    body = model.model_validate_json(answer.content, extra="forbid")
    assert body.model_dump_json(by_alias=True, exclude_unset=True).encode() == answer.content


def test_an_object_has_the_fields_of_its_class_in_order_and_under_their_json_names() -> None:
    values = {"texts": [1, 2], "change": "new", "match": None, "before": {"a": 1}, "step_change": "new"}
    assert list(json_object(CompareItem, values).items()) == [
        ("change", "new"),
        ("before", {"a": 1}),
        ("step_change", "new"),
        ("texts", [1, 2]),
    ]
    assert json_object(ItemLinks, {"self_": "/v1", "other": "x"}) == {"self": "/v1"}
    assert json_object(CompareItem, {}) == {}


def test_a_response_leaves_out_what_is_not_set_at_any_depth() -> None:
    answer = json_response(CompareItem, {"before": construct(ItemLinks, {"self_": 'a "b"\n'}), "match": None})
    assert answer.body == b'{"before":{"self":"a \\"b\\"\\n"}}'
    assert answer.media_type == "application/json"
