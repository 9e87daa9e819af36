"""Bad input: every response is a problem that names the place, and never a 500, a page or the whole input."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.errors import MOST_FAULTS
from tests.api.serving import EXAMPLE, NETFLIX, problem


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{NETFLIX}/levels/l5%2F..%2Fl5", 404),
        (f"{NETFLIX}%2Flevels", 404),
        (f"{NETFLIX}/levels/%2e%2e/levels/l5", 404),
        (f"{NETFLIX}/levels/..%5cl5", 404),
        (f"{NETFLIX}/levels/%00", 404),
        (f"{NETFLIX}/levels/l5%00", 404),
        (f"{NETFLIX}/levels/%ff%fe", 404),
        (f"{NETFLIX}/levels/%ed%a0%80", 404),
        (f"{NETFLIX}/levels/%25", 404),
        (f"{NETFLIX}/levels/%", 404),
        (f"{NETFLIX}/levels/'%20OR%201=1--", 404),
        (f"{NETFLIX}/levels/{'x' * 4000}", 404),
        (f"/v1/ladders/{'x' * 4000}", 404),
        (f"/v1/ladders/{'netflix-engineering@' * 50}", 404),
        (f"{NETFLIX}@{'9' * 4000}.0.0", 404),
        (f"{NETFLIX}/releases/{'9' * 4000}.0.0", 404),
        ("/assets/..%2fpages.py", 404),
        ("/assets/%2e%2e/pages.py", 404),
        ("/problems/..%2f..%2fetc%2fpasswd", 404),
        (f"{NETFLIX}/levels?fields=%FF", 400),
        (f"{NETFLIX}/levels?fields=%ED%A0%80", 400),
        (f"{NETFLIX}/levels?%FF=1", 400),
        (f"{NETFLIX}/levels?fields=%00", 422),
        (f"{NETFLIX}/levels?%00=1", 422),
        (f"{NETFLIX}/levels?fields=%", 422),
        (f"{NETFLIX}/levels?fields[]=code", 422),
        (f"{NETFLIX}/levels?limit=1&limit=1", 422),
        (f"{NETFLIX}/levels?limit=1&limit=2", 422),
        (f"{NETFLIX}/levels?" + "&".join(f"p{i}=1" for i in range(800)), 422),
        (f"{NETFLIX}/levels?" + "limit=1&" * 800, 422),
        (f"{NETFLIX}/levels?fields={'code,' * 1000}code", 200),
        (f"{NETFLIX}/levels?fields={'x,' * 2000}x", 422),
        (f"{NETFLIX}/levels?{'x' * 8000}=1", 422),
        (f"{NETFLIX}/levels?cursor={'x' * 5000}", 422),
        (f"{NETFLIX}/levels?track={'x' * 5000}", 422),
        (f"{NETFLIX}/faqs?about=level:{'x' * 5000}", 422),
        (f"{NETFLIX}/levels?fields={'x' * 9000}", 414),
        (f"{NETFLIX}/levels/{'x' * 9000}", 414),
        ("/v1?x=1", 422),
        ("/v1/schemas/ladder.json?draft=7", 422),
        (f"{NETFLIX}/releases/1.0.0/content?pretty=1", 422),
        ("/healthz?x", 422),
        ("/healthz?x=", 422),
        ("/.well-known/api-catalog?x=1&x=2", 422),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_bad_url_is_refused_without_repeating_it(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "xxxxxxxxxx" * 10 not in answer.text
    assert "9999999999" * 10 not in answer.text
    if status != 200:
        assert problem(answer)[0] == status
        assert len(answer.content) < 16_000


def test_a_long_list_of_errors_is_cut(client: TestClient) -> None:
    answer = client.get(f"{NETFLIX}/levels?" + "&".join(f"p{i}=1" for i in range(800)))
    assert len(answer.json()["errors"]) == MOST_FAULTS


def test_an_unknown_parameter_is_refused_with_the_known_ones(client: TestClient) -> None:
    answer = client.get(f"{NETFLIX}/facets?Sort=slug&limt=5")
    assert problem(answer) == (422, "invalid-parameter", "A parameter is unknown or out of range.")
    known = "Known: competency, cursor, expand, external_id, fields, limit, sort."
    assert answer.json()["errors"] == [
        {"parameter": "Sort", "detail": f"This parameter is unknown. Did you mean sort? {known}"},
        {"parameter": "limt", "detail": f"This parameter is unknown. Did you mean limit? {known}"},
    ]


def test_all_errors_are_listed_at_once(client: TestClient) -> None:
    answer = client.get(f"{NETFLIX}/facets?limit=0&competency=UP&limt=5")
    assert {fault["parameter"] for fault in answer.json()["errors"]} == {"limit", "competency", "limt"}


def test_an_error_never_repeats_a_value(client: TestClient) -> None:
    secret = "s3cr3t-value"  # noqa: S105 - what must not come back
    for name in ("limit", "cursor", "external_id", "level", "nothing"):
        answer = client.get(f"{EXAMPLE}/expectations", params={name: secret + "!"})
        assert answer.status_code == 422
        assert secret not in answer.text


HEADERS = st.sampled_from(
    [
        "accept",
        "accept-encoding",
        "if-none-match",
        "x-request-id",
        "content-type",
        "range",
        "authorization",
        "origin",
    ]
)
VALUES = st.binary(max_size=200).map(lambda raw: bytes(byte for byte in raw if byte >= 0x20 and byte != 0x7F))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(headers=st.lists(st.tuples(HEADERS.map(str.encode), VALUES), max_size=4))
def test_a_read_survives_any_header(client: TestClient, headers: list[tuple[bytes, bytes]]) -> None:
    answer = client.get(f"{NETFLIX}/levels/l5", headers=headers)
    assert answer.status_code in (200, 304, 401, 406)


SEGMENTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(segment=SEGMENTS, name=SEGMENTS, value=SEGMENTS)
def test_the_server_survives_any_url(client: TestClient, segment: str, name: str, value: str) -> None:
    path = f"{EXAMPLE}/levels/{quote(segment, safe='')}?{quote(name, safe='')}={quote(value, safe='')}"
    answer = client.get(path)
    assert answer.status_code in (200, 307, 404, 422)
    if answer.status_code != 200:
        problem(answer)
