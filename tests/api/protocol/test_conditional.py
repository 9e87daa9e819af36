"""Entity tags, 304 and content codings (RFC 9110): one strong tag per coding, and a 304 if it matches."""

import gzip
from collections.abc import Callable
from typing import Final

import brotli
import pytest
import zstandard
from starlette.testclient import TestClient

from tests.api.serving import COMMON_HEADERS, NETFLIX, UNPINNED, problem, serve
from tests.databases import SqliteDatabases

PATH: Final = f"{NETFLIX}/levels/l5"
SMALL: Final = "/v1"
"""A body too small to be worth coding."""


def tag(client: TestClient, coding: str = "identity", path: str = PATH) -> str:
    found: str = client.get(path, headers={"accept-encoding": coding}).headers["etag"]
    return found


@pytest.mark.parametrize(
    "given", ["{}", "W/{}", '"a", {}', '{},"b"', 'W/"a" , W/{} ,"c"', ", {},", "*", " * ", '"a,b", {}']
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_matching_tag_gets_a_304(client: TestClient, method: str, given: str) -> None:
    held = tag(client)
    answer = client.request(method, PATH, headers={"if-none-match": given.format(held)})
    assert (answer.status_code, answer.content) == (304, b"")
    repeated = {name: value for name, value in COMMON_HEADERS.items() if name != "x-content-type-options"}
    assert dict(answer.headers) == repeated | {
        "etag": held,
        "cache-control": UNPINNED,
        "vary": "accept-encoding",
        "x-request-id": answer.headers["x-request-id"],
    }


@pytest.mark.parametrize("given", ['"other"', "{bare}", '"*"', "", '"{bare}', "W/{bare}", '"x{bare}"'])
def test_another_tag_gets_the_whole_response(client: TestClient, given: str) -> None:
    bare = tag(client).strip('"')
    answer = client.get(PATH, headers={"if-none-match": given.format(bare=bare)})
    assert answer.status_code == 200
    assert answer.json()["slug"] == "l5"


def test_tags_in_several_header_lines_count(client: TestClient) -> None:
    lines = [("if-none-match", '"a"'), ("if-none-match", tag(client)), ("if-none-match", '"b"')]
    assert client.get(PATH, headers=lines).status_code == 304


def test_each_content_coding_has_its_own_tag(client: TestClient) -> None:
    tags = {coding: tag(client, coding) for coding in ("identity", "gzip", "br", "zstd")}
    assert len(set(tags.values())) == 4
    assert all(value.startswith('"') for value in tags.values())
    for coding, held in tags.items():
        for other in tags:
            answer = client.get(PATH, headers={"accept-encoding": other, "if-none-match": held})
            assert answer.status_code == (304 if other == coding else 200)


DECODE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
}


@pytest.mark.parametrize("coding", DECODE)
@pytest.mark.parametrize("path", [PATH, f"{NETFLIX}/document", f"{NETFLIX}/releases/1.0.0/content"])
def test_a_compressed_body_decodes_to_the_same_bytes(client: TestClient, path: str, coding: str) -> None:
    plain = client.get(path)
    with client.stream("GET", path, headers={"accept-encoding": coding}) as answer:
        coded = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == coding
    assert answer.headers["content-length"] == str(len(coded))
    assert len(coded) < len(plain.content)
    assert DECODE[coding](coded) == plain.content


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "br"),
        ("br;q=0, *", "zstd"),
        ("gzip;q=0.9, br;q=0.1", "gzip"),
        ("gzip;q=0", None),
        ("identity", None),
        ("", None),
        ("deflate, compress", None),
        ("gzip;q=0.5, identity", None),
        ("identity;q=0, gzip;q=0.001", "gzip"),
        ("*;q=0, gzip", "gzip"),
        ("gzip;q=bad", None),
        ("gzip ; q = 1", "gzip"),
    ],
)
def test_the_preferred_content_coding_is_used(client: TestClient, accepted: str, chosen: str | None) -> None:
    answer = client.get(PATH, headers={"accept-encoding": accepted})
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding") == chosen
    assert answer.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize(
    "accepted", ["identity;q=0", "*;q=0", "identity;q=0, gzip;q=0, deflate", "br;q=0, *;q=0"]
)
def test_accepting_no_coding_gets_a_406(client: TestClient, accepted: str) -> None:
    answer = client.get(PATH, headers={"accept-encoding": accepted})
    assert problem(answer)[:2] == (406, "not-acceptable")


def test_a_small_body_is_never_coded_and_does_not_vary(client: TestClient) -> None:
    answer = client.get(SMALL, headers={"accept-encoding": "br"})
    assert "content-encoding" not in answer.headers
    assert "vary" not in answer.headers


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("application/*", 200),
        ("APPLICATION/JSON", 200),
        ("text/html, */*;q=0.1", 200),
        ("application/json;q=0.1, text/html", 200),
        ("application/json;charset=utf-8", 200),
        ("", 200),
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("application/json;q=0, */*", 406),
        ("*/*;q=0", 406),
        ("json", 406),
    ],
)
def test_an_unavailable_media_type_gets_a_406(client: TestClient, accept: str, status: int) -> None:
    answer = client.get(PATH, headers={"accept": accept})
    assert answer.status_code == status
    if status == 406:
        assert problem(answer) == (406, "not-acceptable", "Only application/json can be given here.")


def test_errors_ignore_the_accept_header(client: TestClient) -> None:
    answer = client.get(f"{NETFLIX}/levels/none", headers={"accept": "text/html", "accept-encoding": "br"})
    assert problem(answer)[:2] == (404, "not-found")


def test_two_processes_return_the_same_bytes_and_tag(
    client: TestClient, sqlite_databases: SqliteDatabases
) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url) as other:
        for coding in ("identity", "gzip", "br", "zstd"):
            assert tag(other.client, coding) == tag(client, coding)
