"""Requests as the layer reads them: one key for each URL, and request ids that are safe to log."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadRequest, NotFound, UriTooLong
from app.serving.answers.request import LONGEST_LIST, Incoming, normalise, request_id
from app.serving.route_table import Route, RouteFacts, RouteTable, facts_in

Scope = dict[str, object]
Headers = Sequence[tuple[bytes, bytes]]
NO_ROUTES = RouteTable()
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
PAIRS = st.lists(st.tuples(WORDS, WORDS), max_size=5)


def scope(path: str = "/v1", query: str = "", raw: bytes | None = None, headers: Headers = ()) -> Scope:
    return {
        "method": "GET",
        "path": path,
        "raw_path": quote(path).encode() if raw is None else raw,
        "query_string": query.encode("latin-1"),
        "headers": headers,
    }


@given(PAIRS)
def test_parameters_are_put_in_order_of_name_and_keep_their_values(pairs: list[tuple[str, str]]) -> None:
    key = normalise(scope(query=urlencode(pairs)), "", NO_ROUTES)
    path, _, query = key.partition("?")
    assert path == "/v1"
    assert parse_qsl(query, keep_blank_values=True) == sorted(pairs, key=lambda pair: pair[0])


@given(PAIRS, st.randoms())
def test_the_order_of_parameters_makes_no_difference(pairs: list[tuple[str, str]], random: object) -> None:
    unique = list(dict(pairs).items())
    shuffled = list(unique)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random that hypothesis controls
    assert normalise(scope(query=urlencode(unique)), "", NO_ROUTES) == normalise(
        scope(query=urlencode(shuffled)), "", NO_ROUTES
    )


@given(PAIRS)
def test_what_is_normal_stays_as_it_is(pairs: list[tuple[str, str]]) -> None:
    """The hot path looks up a URL as it came: under the same key there must be the same resource."""
    key = normalise(scope(query=urlencode(pairs)), "", NO_ROUTES)
    again = scope(query=key.partition("?")[2])
    assert (normalise(again, "", NO_ROUTES), again["query_string"]) == (key, key.partition("?")[2].encode())


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("", "/v1"),
        ("b=2&a=1", "/v1?a=1&b=2"),
        ("a=2&a=1", "/v1?a=2&a=1"),
        ("a", "/v1?a="),
        ("a=%7Ex+y%20z", "/v1?a=~x+y+z"),
        ("&&a=1&", "/v1?a=1"),
        ("a=b;c", "/v1?a=b%3Bc"),
    ],
)
def test_a_query_has_one_form(query: str, key: str) -> None:
    assert normalise(scope(query=query), "", NO_ROUTES) == key


@pytest.mark.parametrize(("path", "key"), [("/hr/v1", "/v1"), ("/v1", "/v1"), ("/hrx/v1", "/hrx/v1")])
def test_the_prefix_of_the_proxy_is_taken_off_if_it_is_there(path: str, key: str) -> None:
    asked = scope(path=path)
    assert (normalise(asked, "/hr", NO_ROUTES), asked["path"]) == (key, key)


@pytest.mark.parametrize("raw", [b"/v1%2Fladders", b"/a%5cb", b"/a%00", b"/v1%3Flimit=1", b"/v1%3f"])
def test_a_path_that_could_pass_for_another_is_refused(raw: bytes) -> None:
    with pytest.raises(NotFound):
        normalise(scope(raw=raw), "", NO_ROUTES)


@pytest.mark.parametrize("query", ["a=%ff", "a=%C3%28", "\xe9=1"])
def test_a_query_that_is_no_utf_8_is_refused(query: str) -> None:
    with pytest.raises(BadRequest) as raised:
        normalise(scope(query=query), "", NO_ROUTES)
    assert raised.value.detail == "The query string is not percent-encoded UTF-8."


def test_an_url_has_a_greatest_length() -> None:
    assert len(normalise(scope(query="a=" + "x" * 8187), "", NO_ROUTES)) == 8193
    with pytest.raises(UriTooLong) as raised:
        normalise(scope(query="a=" + "x" * 8188), "", NO_ROUTES)
    assert raised.value.detail == "The URL is longer than 8192 bytes."


@pytest.mark.parametrize(
    ("given_id", "kept"),
    [
        (b"abc-1.2_3", b"abc-1.2_3"),
        (b"x" * 64, b"x" * 64),
        (b"x" * 65, None),
        (b"", None),
        (b"a b", None),
        (b'a"\n{}', None),
        (None, None),
    ],
)
def test_a_request_id_of_the_callers_is_kept_where_it_is_fit_for_a_log(
    given_id: bytes | None, kept: bytes | None
) -> None:
    assert request_id(given_id) == kept


def test_a_list_in_several_lines_is_one_list() -> None:
    lines = [(b"accept-encoding", b"gzip"), (b"if-none-match", b'"a"'), (b"accept-encoding", b"br;q=0")]
    incoming = Incoming.of(scope(headers=lines), b"new")
    assert (incoming.accept_encoding, incoming.if_none_match, incoming.id) == (
        b"gzip, br;q=0",
        b'"a"',
        b"new",
    )


@pytest.mark.parametrize("name", ["Accept", "Accept-Encoding"])
def test_a_list_longer_than_any_honest_one_is_refused(name: str) -> None:
    """Check the limit that bounds memory: parsed lists are cached under their text."""
    header = name.lower().encode()
    Incoming.of(scope(headers=[(header, b"x" * LONGEST_LIST)]), b"new").refuse_long_lists()
    with pytest.raises(BadRequest) as raised:
        Incoming.of(scope(headers=[(header, b"x" * (LONGEST_LIST + 1))]), b"new").refuse_long_lists()
    assert raised.value.detail == f"The {name} header is longer than 2048 bytes."


def test_trackers_parameters_are_dropped_at_pages_only() -> None:
    routes = RouteTable([Route("/search", frozenset({"GET"}), RouteFacts(page=True))])
    query = "utm_source=x&q=a&fbclid=1"
    assert normalise(scope(path="/search", query=query), "", routes) == "/search?q=a"
    assert normalise(scope(query=query), "", routes) == "/v1?fbclid=1&q=a&utm_source=x"


def test_the_facts_of_the_route_are_noted() -> None:
    facts = RouteFacts(fixed=True)
    asked = scope(path="/hr/v1")
    normalise(asked, "/hr", RouteTable([Route("/v1", frozenset({"GET"}), facts)]))
    assert facts_in(asked) is facts
