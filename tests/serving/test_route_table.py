"""The table of routes: facts, methods and links, by path."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.serving.route_table import Link, Route, RouteFacts, RouteTable

GET = frozenset({"GET"})
POST = frozenset({"POST"})
HOME = "/v1/ladders/{ladder}"
SEGMENTS = st.sampled_from(["v1", "ladders", "{ladder}", "{level}", "levels", "a", "b"])
PATHS = st.lists(SEGMENTS, max_size=4).map(lambda parts: "/" + "/".join(parts))


def route(path: str, methods: frozenset[str] = GET, **facts: object) -> Route:
    return Route(path, methods, RouteFacts(**facts))  # type: ignore[arg-type]  # the fields that a test names


def test_the_more_literal_route_is_found() -> None:
    table = RouteTable([route("/{a}/{b}", kind="any"), route("/{a}/level", kind="level")])
    assert table.find("/x/level", "GET").kind == "level"
    assert table.find("/x/other", "GET").kind == "any"


def test_head_finds_what_get_finds() -> None:
    table = RouteTable([route("/a", fixed=True), route("/a", POST)])
    assert table.find("/a", "HEAD").fixed
    assert not table.find("/a", "POST").fixed


def test_a_method_that_a_path_does_not_take_still_finds_what_the_path_is() -> None:
    assert RouteTable([route("/healthz", open=True)]).find("/healthz", "PATCH").open


def test_a_page_that_does_not_exist_is_a_page_below_the_first_segment_of_one() -> None:
    table = RouteTable([route("/", page=True), route("/ladders/{ladder}", page=True), route("/v1")])
    pages = {
        path: table.find(path, "GET").page for path in ("/", "/ladders/a/b/c", "/v1/x", "/docs", "//", "*")
    }
    assert pages == {
        "/": True,
        "/ladders/a/b/c": True,
        "/v1/x": False,
        "/docs": False,
        "//": False,
        "*": False,
    }


def test_paths_for_machines_are_those_without_a_route_for_people() -> None:
    table = RouteTable(
        [
            route("/", people=True),
            route("/v1/ladders"),
            route("/healthz", open=True),
            route("/docs", people=True),
            route("/docs/raw"),
        ]
    )
    assert table.machine_paths == ("/healthz", "/v1")
    assert table.open_paths == {"/healthz"}


def test_methods_are_those_of_all_routes_of_a_path() -> None:
    table = RouteTable([route(HOME), route(HOME, POST), route(HOME, frozenset({"PUT"}), only_at_draft=True)])
    assert table.methods("/v1/ladders/a") == {"GET", "HEAD", "POST"}
    assert table.methods("/v1/ladders/a@draft") == {"GET", "HEAD", "POST", "PUT"}
    assert table.methods("/v1/ladders/a@draft/b") == frozenset()


def test_links_are_of_the_entity_one_segment_up() -> None:
    table = RouteTable(
        [
            route(HOME, kind="ladder"),
            route(f"{HOME}/levels", kind="level"),
            route(f"{HOME}/levels/{{level}}", kind="level"),
            route(f"{HOME}/levels/{{level}}/radar.svg", link=Link("radar")),
            route("/v1/health", link=Link("health")),
        ]
    )
    assert table.links("ladder") == (("/levels", Link("levels")),)
    assert table.links("level") == (("/radar.svg", Link("radar")),)
    assert table.links("track") == ()


@pytest.mark.parametrize("path", ["/{a:path}", "/{a}.svg", "/v1/{a"])
def test_a_parameter_is_a_whole_segment(path: str) -> None:
    with pytest.raises(ValueError, match="one whole segment"):
        RouteTable([route(path)])


@given(st.lists(PATHS, max_size=8), PATHS)
def test_methods_agree_with_a_search_by_regular_expressions(declared: list[str], asked: str) -> None:
    table = RouteTable(route(path, frozenset({f"M{number}"})) for number, path in enumerate(declared))
    path = re.sub(r"[{}]", "x", asked)
    patterns = [re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(one)) for one in declared]
    expected = {f"M{number}" for number, one in enumerate(patterns) if re.fullmatch(one, path)}
    assert table.methods(path) == expected
