"""Links to views and pictures: every body links to its views, and every link works."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from app.rubric.ladder import Ladder
from tests.api.drafting import write_draft
from tests.api.serving import EXAMPLE, NETFLIX, NOW, Api, Json, serve
from tests.databases import SqliteDatabases
from tests.pictures.shapes import grid
from tests.strategies import framework_ladders

FORMS: Final = {
    "effective": "application/json",
    "next_levels": "application/json",
    "matrix": "application/json",
    "radar": "image/svg+xml",
    "map": "image/svg+xml",
    "heat_map": "image/svg+xml",
    "timeline": "image/svg+xml",
}
"""The names of links to views and pictures, and the media type of each."""
PINNED: Final = f"{EXAMPLE}@1.1.0"
ODD: Final = Ladder.model_validate(
    {
        "slug": "odd",
        "title": "A ladder that has only begun",
        "tracks": [{"slug": "ic", "title": "Engineers"}, {"slug": "none", "title": "Nobody yet"}],
        "levels": [{"slug": "one", "track": "ic", "title": "One"}],
    }
)
LONG: Final = "Craft " * 40


@pytest.fixture(scope="module")
def api(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    """The seeds, ladders of many kinds, an empty ladder, and some that are too large for pictures."""
    with sqlite_databases.fresh("seeded") as url, serve(url) as served:
        wide = grid(401, 2, tracks=2, steps=0)
        categorised = tuple(one.model_copy(update={"category": LONG}) for one in wide.competencies)
        for ladder in (
            *framework_ladders().values(),
            Ladder.model_validate({"slug": "empty", "title": "Nothing"}),
            ODD,
            wide.model_copy(update={"competencies": categorised}),
        ):
            served.publish(ladder, "1.0.0", NOW)
        yield served


@pytest.fixture(scope="module")
def client(api: Api) -> TestClient:
    return api.client


def views(body: Json) -> dict[str, str]:
    """Return the top-level links of a body that lead to views and pictures."""
    return {name: path for name, path in body["links"].items() if name in FORMS}


def test_links_of_levels_and_ladders_lead_to_existing_views_and_pictures(api: Api) -> None:
    seen: dict[str, int] = {}
    for item in api.json("/v1/ladders?limit=500")["items"]:
        home = item["links"]["self"]
        levels = api.json(f"{home}/levels?limit=500&fields=code")["items"]
        some = [level["links"]["self"] for level in levels[:12]]
        for path in (home, f"{home}/matrix", f"{home}/releases", *some):
            for name, target in views(api.json(path)).items():
                answer = api.client.get(target)
                shown = (answer.status_code, answer.headers["content-type"])
                assert shown == (200, FORMS[name]), (path, target)
                seen[name] = seen.get(name, 0) + 1
    assert seen.keys() == FORMS.keys()
    assert min(seen.values()) > 10


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            f"{EXAMPLE}/levels/m1?fields=code",
            {
                "effective": f"{PINNED}/levels/m1/effective",
                "next_levels": f"{PINNED}/levels/m1/next",
                "radar": f"{PINNED}/levels/m1/radar.svg",
            },
        ),
        (
            "/v1/ladders/odd@latest/levels/one?expand=tracks",
            {
                "effective": "/v1/ladders/odd@1.0.0/levels/one/effective",
                "next_levels": "/v1/ladders/odd@1.0.0/levels/one/next",
                "radar": "/v1/ladders/odd@1.0.0/levels/one/radar.svg",
            },
        ),
        (f"{EXAMPLE}?fields=title", {"matrix": f"{PINNED}/matrix", "map": f"{PINNED}/map.svg"}),
        (
            "/v1/ladders/empty",
            {"matrix": "/v1/ladders/empty@1.0.0/matrix", "map": "/v1/ladders/empty@1.0.0/map.svg"},
        ),
        (f"{EXAMPLE}/releases?limit=1", {"timeline": f"{EXAMPLE}/releases/timeline.svg"}),
        (f"{EXAMPLE}/releases?as_of=1990-01-01", {"timeline": f"{EXAMPLE}/releases/timeline.svg"}),
        (f"{EXAMPLE}/levels", {}),
        (f"{EXAMPLE}/tracks/management", {}),
    ],
)
def test_view_links_are_pinned_whatever_fields_are_requested(
    client: TestClient, path: str, expected: dict[str, str]
) -> None:
    assert views(client.get(path).json()) == expected


def test_a_level_in_a_list_has_only_a_self_link(client: TestClient) -> None:
    body = client.get(f"{EXAMPLE}/tracks/management?expand=levels").json()
    for item in (*body["included"]["levels"], *client.get(f"{EXAMPLE}/levels").json()["items"]):
        assert item["links"] == {"self": f"{PINNED}/levels/{item['slug']}"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ""),
        ("?track=management", "?track=management"),
        ("?category=Craft&rows=facets&limit=1", "?category=Craft"),
        ("?column_limit=1&fields=state&level=l4,m1&track=management", "?track=management"),
    ],
)
def test_the_heat_map_link_keeps_track_and_category(client: TestClient, query: str, expected: str) -> None:
    heat_map = client.get(f"{EXAMPLE}/matrix{query}").json()["links"]["heat_map"]
    assert heat_map == f"{PINNED}/matrix.svg{expected}"
    assert client.get(heat_map).status_code == 200


def test_views_too_large_to_draw_have_no_picture_link(client: TestClient) -> None:
    home = "/v1/ladders/grid"
    assert views(client.get(home).json()) == {"matrix": f"{home}@1.0.0/matrix"}
    assert views(client.get(f"{home}/matrix?level=l1").json()) == {}
    assert views(client.get(f"{home}/matrix", params={"track": "t1", "category": LONG}).json()) == {}
    of_track = client.get(f"{home}/matrix?track=t1").json()
    assert views(of_track) == {"heat_map": f"{home}@1.0.0/matrix.svg?track=t1"}
    assert client.get(of_track["links"]["heat_map"]).status_code == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("from=l4&to=l5", f"{PINNED}/levels/l4/radar.svg?with=l5"),
        ("to=l5", f"{PINNED}/levels/l4/radar.svg?with=l5"),
        ("from=l5&to=l5", f"{PINNED}/levels/l5/radar.svg?with=l5"),
        ("from=individual-contributor/5&to=management/5", f"{PINNED}/levels/l5/radar.svg?with=m1"),
        ("from=example-engineering@1.1.0:l4&to=l5", f"{PINNED}/levels/l4/radar.svg?with=l5"),
        (
            "from=example-engineering@1.0.0:l4&to=example-engineering@1.0.0:l5",
            f"{EXAMPLE}@1.0.0/levels/l4/radar.svg?with=l5",
        ),
        ("from=example-engineering@1.0.0:l5&to=l5", None),
        ("from=netflix-engineering:l5&to=l5", None),
        (
            "from=netflix-engineering:l5&to=netflix-engineering:l5",
            f"{NETFLIX}@1.0.0/levels/l5/radar.svg?with=l5",
        ),
    ],
)
def test_two_levels_of_one_release_share_a_radar_chart(
    client: TestClient, query: str, expected: str | None
) -> None:
    radar = client.get(f"{EXAMPLE}/compare?{query}&limit=1").json()["links"].get("radar")
    assert radar == expected
    if expected is not None:
        assert client.get(expected).headers["content-type"] == "image/svg+xml"


def test_a_draft_links_to_its_own_views_even_with_findings(api: Api) -> None:
    home, author = "/v1/ladders/odd@draft", api.key("ann", "review")
    wrong: dict[str, Any] = {
        **ODD.model_dump(),
        "levels": [
            {"slug": "one", "track": "ic", "title": "One"},
            {"slug": "lost", "track": "nowhere", "title": "Of no track"},
        ],
        "expectations": [{"level": "gone", "competency": "nothing", "step": "none"}],
    }
    write_draft(api, Ladder.model_validate(wrong))
    found: dict[str, str] = {}
    for path in (home, f"{home}/matrix", f"{home}/levels/lost", f"{home}/compare?from=one&to=lost"):
        found |= views(api.client.get(path, headers=author).json())
    assert found == {
        "matrix": f"{home}/matrix",
        "map": f"{home}/map.svg",
        "heat_map": f"{home}/matrix.svg",
        "effective": f"{home}/levels/lost/effective",
        "next_levels": f"{home}/levels/lost/next",
        "radar": f"{home}/levels/one/radar.svg?with=lost",
    }
    for path in (*found.values(), f"{home}/levels/lost/radar.svg"):
        assert api.client.get(path, headers=author).status_code == 200, path
        assert api.client.get(path).status_code == 401, path


def test_links_have_the_prefix_of_the_api(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, root_path="/career") as api:
        for path in ("", "/matrix", "/levels/l5", "/releases", "/compare?to=l5"):
            found = views(api.json(EXAMPLE + path))
            assert found
            assert all(target.startswith(f"/career{EXAMPLE}") for target in found.values())
