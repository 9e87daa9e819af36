"""Former slugs in parameters, and what to read instead of a removed entity."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest

from app.rubric.canonical import plain
from tests.api.serving import NOW, Api, serve
from tests.databases import Databases
from tests.rubric.drafts import draft

ACME: Final = "/v1/ladders/acme"
DAY: Final = timedelta(days=1)
BEFORE: Final = draft(
    {
        "/levels/0/slug": "junior",
        "/expectations/0/level": "junior",
        "/faqs/0/about": ["level:junior"],
        "/competencies/1/slug": "care",
        "/competencies/0/scale": "measure",
        "/scales/0/slug": "measure",
        "/facets/1": {"slug": "tempo", "competency": "care", "title": "Pace"},
        "/tracks/0/slug": "maker",
        "/levels/0/track": "maker",
        "/levels/1/track": "maker",
    }
)
AFTER: Final = draft(
    {
        "/levels/0": {"slug": "mid", "track": "ic", "title": "Engineer", "formerly": ["junior"]},
        "/levels/1/slug": "senior",
        "/levels/1/formerly": ["l5"],
        "/expectations/0": {"level": "mid", "competency": "delivery", "summary": "Delivers."},
        "/expectations/1/level": "senior",
        "/faqs/0/about": ["level:mid"],
        "/competencies/1/formerly": ["care"],
        "/tracks/0/formerly": ["maker"],
        "/scales/0/formerly": ["measure"],
        "/facets/1/formerly": ["tempo"],
    }
)
_PAIRS: Final = [
    ("matrix?level={}", "junior", "mid"),
    ("matrix?competency={}", "care", "delivery"),
    ("matrix?track={}", "maker", "ic"),
    ("levels?track={}", "maker", "ic"),
    ("competencies?scale={}", "measure", "depth"),
    ("facets?competency={}", "care", "delivery"),
    ("expectations?level={}", "junior", "mid"),
    ("expectations?competency={}", "care", "delivery"),
    ("expectations?facet={}", "tempo", "pace"),
    ("examples?level={}", "junior", "mid"),
    ("search?q=delivers&level={}", "junior", "mid"),
    ("search?q=delivers&competency={}", "care", "delivery"),
    ("faqs?about=level:{}", "junior", "mid"),
    ("tips?about=competency:{}", "care", "delivery"),
    ("pages?about=track:{}", "maker", "ic"),
    ("compare?from={}&to=senior", "junior", "mid"),
    ("compare?from={}/1&to=senior", "maker", "ic"),
    ("compare?from=mid&to=senior&competency={}", "care", "delivery"),
    ("levels/mid/effective?competency={}", "care", "delivery"),
    ("levels/mid/next?competency={}", "care", "delivery"),
    ("levels/mid/next?track={}", "maker", "ic"),
    ("diff?level={}", "junior", "mid"),
    ("expectations.json?level={}", "junior", "mid"),
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def acme(request: pytest.FixtureRequest) -> Iterator[Api]:
    """The ladder before and after its entities were renamed, on each engine."""
    databases: Databases = request.getfixturevalue(f"{request.param}_databases")
    with databases.fresh("migrated") as url, serve(url) as served:
        served.publish(BEFORE, "1.0.0", NOW - 2 * DAY)
        served.publish(AFTER, "2.0.0", NOW - DAY)
        yield served


@pytest.mark.parametrize(("query", "old", "new"), _PAIRS)
def test_an_earlier_slug_in_a_parameter_means_the_same_entity(
    acme: Api, query: str, old: str, new: str
) -> None:
    one, other = (acme.json(f"{ACME}/{query.format(slug)}") for slug in (old, new))
    if isinstance(one, dict):
        del one["links"], other["links"]
    assert one == other


@pytest.mark.parametrize(
    "path",
    [
        "/v1/ladders/acme/levels/senior/radar.svg?with={}",
        "/v1/ladders/acme/matrix.svg?track={}",
        "/ladders/acme/matrix?track={}",
        "/ladders/acme/print?track={}",
        "/ladders/acme/levels/mid?competency={}",
    ],
)
def test_pictures_and_pages_take_earlier_slugs_too(acme: Api, path: str) -> None:
    old = {"with": "junior", "track": "maker", "competency": "care"}[
        path.split("?")[1].split("=", maxsplit=1)[0]
    ]
    assert acme.client.get(path.format(old)).status_code == 200


def test_a_slug_that_was_left_out_of_formerly_is_known_from_history(acme: Api) -> None:
    staff = AFTER.levels[0].model_copy(update={"slug": "staff", "formerly": ("junior",)})
    other = AFTER.model_copy(update={"slug": "other"})
    acme.publish(other, "1.0.0", NOW - DAY)
    update = {"levels": (staff,), "expectations": (), "faqs": ()}
    acme.publish(other.model_copy(update=update), "2.0.0", NOW)
    assert acme.json("/v1/ladders/other/expectations?level=mid")["items"] == []
    assert (
        acme.client.get("/v1/ladders/other/levels/mid").headers["location"]
        == "/v1/ladders/other/levels/staff"
    )


def test_a_removed_entity_names_its_successors_in_the_body_and_in_link(empty_api: Api) -> None:
    removal = {
        "kind": "competency",
        "slug": "delivery",
        "reason": "Split.",
        "successors": ["competency:quality", "facet:testing"],
    }
    empty_api.publish(draft(), "1.0.0", NOW - 2 * DAY)
    uuid = empty_api.json(f"{ACME}/competencies/delivery")["uuid"]
    parts = {"/competencies": [plain(draft().competencies[0])], "/facets": [plain(draft().facets[0])]}
    empty_api.publish(draft({**parts, "/removals": [removal]}), "2.0.0", NOW - DAY)
    for path, home in (
        (f"{ACME}/competencies/delivery", ACME),
        (f"{ACME}@2.0.0/competencies/delivery", f"{ACME}@2.0.0"),
        (f"/v1/entities/{uuid}", ACME),
    ):
        answer = empty_api.client.get(path)
        body = answer.json()
        quality, testing = f"{home}/competencies/quality", f"{home}/facets/testing"
        assert (answer.status_code, body["detail"], body["successors"]) == (
            410,
            "The competency 'delivery' was removed: Split. Read competency:quality and facet:testing instead.",
            [{"target": "competency:quality", "url": quality}, {"target": "facet:testing", "url": testing}],
        )
        links = f'<{quality}>; rel="successor-version", <{testing}>; rel="successor-version"'
        assert links in ", ".join(answer.headers.get_list("link"))
    refused = empty_api.client.get(f"{ACME}/expectations?competency=delivery")
    assert (refused.status_code, refused.json()["errors"][0]["detail"]) == (
        422,
        "The competency 'delivery' was removed: Split.",
    )
