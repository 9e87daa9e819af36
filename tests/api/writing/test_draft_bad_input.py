"""Invalid bodies: each is refused with the place and a fix, and nothing is written."""

import gzip
import json
import socket
import time
from collections.abc import Iterator
from typing import Any, Final

import pytest

from app.formats.bundle.subprocess_parser import parse_apart
from app.store.drafts import find_draft_ladders
from app.store.engine import reading
from tests.api.process import Server, seeded_server
from tests.api.serving import Api, problem, serve
from tests.databases import SqliteDatabases

DOCUMENT: Final = "/v1/ladders/acme@draft/document"
JSON: Final = "application/json"
YAML: Final = "application/yaml"
GOOD: Final = b'{"slug": "acme", "title": "Acme"}'
Headers = dict[str, str]


@pytest.fixture(scope="module")
def api(sqlite_databases: SqliteDatabases) -> Iterator[Api]:
    with sqlite_databases.fresh("seeded") as url, serve(url) as served:
        yield served


@pytest.fixture(scope="module")
def ann(api: Api) -> Headers:
    return api.key("ann", "write") | {"if-none-match": "*"}


def put(api: Api, ann: Headers, body: bytes, media_type: str = JSON, **headers: str) -> Any:  # noqa: ANN401 - of the client's library
    return api.client.put(DOCUMENT, content=body, headers={**ann, "content-type": media_type, **headers})


def nothing_written(api: Api) -> bool:
    with reading(api.application.serving.engine) as connection:
        return find_draft_ladders(connection) == ()


def ladder(title: str) -> bytes:
    return b'{"slug": "acme", "title": ' + title.encode() + b"}"


def level(rank: str) -> bytes:
    return (
        b'{"slug": "acme", "title": "A", "levels": [{"slug": "l", "track": "t", "title": "L", "rank": '
        + rank.encode()
        + b"}]}"
    )


UNREADABLE: Final[dict[str, tuple[str, bytes, str]]] = {
    "empty": (JSON, b"", "document.json:1:1: the file is empty"),
    "blank": (JSON, b" \n", "document.json:1:1: the file is empty"),
    "null": (JSON, b"null", "document.json:1:1: the file is empty"),
    "not UTF-8": (JSON, b'{"slug": "\xff"}', "document.json:1:11: the file is not UTF-8 (byte 0xff)"),
    "UTF-16": (
        JSON,
        GOOD.decode().encode("utf-16"),
        "document.json:1:1: the file is not UTF-8 (it looks like UTF-16",
    ),
    "not closed": (
        JSON,
        b'{"slug": "acme"',
        "document.json:1:16: the file ends where `,` or `}` is expected",
    ),
    "not closed text": (JSON, b'{"slug": "acm', "document.json:1:10: a quote is never closed"),
    "trailing comma": (JSON, b'{"slug": "acme",}', "document.json:1:16: a comma before `}`; delete it"),
    "comment": (JSON, b'{} // "slug"', "document.json:1:4: there is text after the end of the JSON value"),
    "two values": (JSON, GOOD + GOOD, "document.json:1:34: there is text after the end of the JSON value"),
    "NaN": (JSON, level("NaN"), "document.json:1:93: `NaN` is not a JSON number"),
    "infinity": (JSON, level("-Infinity"), "document.json:1:93: `-Infinity` is not a JSON number"),
    "long number": (JSON, level("9" * 5000), "document.json:1:93: a number of over 100 characters"),
    "NUL byte": (JSON, ladder('"a\0b"'), "document.json:1:29: a line end or control character inside quotes"),
    "deep": (JSON, b'{"a":' * 100_000, "document.json:1:166: nested deeper than 32 levels"),
    "deep lists": (JSON, b"[" * 1_000_000, "document.json:1:34: nested deeper than 32 levels"),
    "empty YAML": (YAML, b"# nothing\n", "document.yaml:1:1: the file is empty"),
    "YAML tab": (YAML, b"slug: acme\nlevels:\n\t- slug: l5\n", "document.yaml:3:1: "),
    "YAML control": (YAML, b"slug: a\x00b\n", "document.yaml:1:8: "),
    "deep YAML": (YAML, b"[" * 100_000, "document.yaml:1:34: nested deeper than 32 levels"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_body_that_does_not_parse_is_refused_with_the_place(api: Api, ann: Headers, case: str) -> None:
    media_type, body, detail = UNREADABLE[case]
    answer = put(api, ann, body, media_type)
    assert problem(answer)[:2] == (400, "malformed-request")
    assert problem(answer)[2].startswith(detail)
    assert [error["detail"] for error in answer.json()["errors"]] == [problem(answer)[2]]
    assert nothing_written(api)


SHAPELESS: Final[dict[str, tuple[str, bytes, list[tuple[str | None, str]]]]] = {
    "list": (JSON, b"[]", [("", "document.json:1:1: a bundle file holds the properties of a ladder")]),
    "nothing in it": (
        JSON,
        b"{}",
        [("", "document.json:1:1: `slug` is missing"), ("", "document.json:1:1: `title` is missing")],
    ),
    "duplicate": (
        JSON,
        b'{"slug": "acme", "title": "A", "slug": "acme"}',
        [("/slug", "document.json:1:32: `slug` is written twice, first at document.json:1:2")],
    ),
    "surrogate": (JSON, ladder(r'"\ud800"'), [("/title", "document.json:1:27: half a character")]),
    "NUL": (JSON, ladder(r'"a\u0000b"'), [("/title", "document.json:1:27: `title` cannot be the text")]),
    "unknown": (
        JSON,
        b'{"slug": "acme", "title": "A", "levles": []}',
        [("/levles", "document.json:1:32: unknown property `levles`; did you mean `levels`?")],
    ),
    "no number": (JSON, level('"5"'), [("/levels/0/rank", "document.json:1:93: `rank` must be a number")]),
    "huge number": (JSON, level("1e400"), [("/levels/0/rank", "document.json:1:93: `rank` cannot be `inf`")]),
    "number over 2^53": (JSON, level("9007199254740993"), [("/levels/0/rank", "document.json:1:93: ")]),
    "no slug": (
        JSON,
        b'{"slug": "Not a slug", "title": "A"}',
        [("/slug", "document.json:1:10: `Not a slug` is not a slug")],
    ),
    "null title": (JSON, ladder("null"), [("/title", "document.json:1:27: `title` is empty")]),
    "alias": (
        YAML,
        b"slug: acme\ntitle: A\nsummary: &a x\nattribution: *a\n",
        [("/summary", "document.yaml:3:10: anchors"), ("/attribution", "document.yaml:4:14: aliases")],
    ),
    "YAML duplicate": (
        YAML,
        b"slug: acme\ntitle: A\ntitle: B\n",
        [("/title", "document.yaml:3:1: `title` is written twice, first at document.yaml:2:1")],
    ),
    "two YAML documents": (
        YAML,
        b"slug: acme\ntitle: A\n---\nslug: b\n",
        [(None, "document.yaml:3:1: a second document begins here")],
    ),
    "YAML tag": (
        YAML,
        b"slug: acme\ntitle: !custom x\n",
        [("/title", "document.yaml:2:8: ")],
    ),
}


@pytest.mark.parametrize("case", SHAPELESS)
def test_a_body_without_the_shape_of_a_ladder_is_refused_with_pointers(
    api: Api, ann: Headers, case: str
) -> None:
    media_type, body, expected = SHAPELESS[case]
    answer = put(api, ann, body, media_type)
    assert problem(answer)[:2] == (422, "invalid-ladder"), answer.text
    errors = answer.json()["errors"]
    assert [error.get("pointer") for error in errors] == [pointer for pointer, _ in expected]
    for error, (_, detail) in zip(errors, expected, strict=True):
        assert error["detail"].startswith(detail)
    assert nothing_written(api)


def test_a_draft_that_is_too_large_to_publish_is_not_stored(api: Api, ann: Headers) -> None:
    levels = [{"slug": f"l{n}", "track": "t", "title": "x"} for n in range(2_001)]
    content = {"slug": "acme", "title": "Acme", "tracks": [{"slug": "t", "title": "T"}], "levels": levels}
    answer = put(api, ann, json.dumps(content).encode())
    assert problem(answer) == (
        422,
        "invalid-ladder",
        "The draft would be too large to publish. Nothing was written.",
    )
    detail = "ladder 'acme' has 2,001 levels; the limit is 2,000. Split it into several ladders"
    assert answer.json()["errors"] == [{"detail": detail, "pointer": "/levels"}]
    assert nothing_written(api)


@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ({"content-type": "text/plain"}, "Send application/json or application/yaml, not 'text/plain'."),
        ({"content-type": "text/yaml"}, "Send application/json or application/yaml, not 'text/yaml'."),
        ({"content-type": ""}, "Send application/json or application/yaml, not ''."),
        ({"content-type": "application/json; charset=latin-1"}, "Send the body as UTF-8."),
        (
            {"content-type": JSON, "content-encoding": "gzip"},
            "Send the body without Content-Encoding.",
        ),
    ],
)
def test_an_unsupported_media_type_is_refused(api: Api, ann: Headers, headers: Headers, detail: str) -> None:
    answer = api.client.put(DOCUMENT, content=gzip.compress(GOOD), headers={**ann, **headers})
    assert problem(answer) == (415, "unsupported-media-type", detail)


def test_a_missing_media_type_is_refused(api: Api, ann: Headers) -> None:
    detail = "Send application/json or application/yaml, with one Content-Type header."
    assert problem(api.client.put(DOCUMENT, content=GOOD, headers=ann)) == (
        415,
        "unsupported-media-type",
        detail,
    )
    twice = [*ann.items(), ("content-type", JSON), ("content-type", YAML)]
    assert problem(api.client.put(DOCUMENT, content=GOOD, headers=twice))[2] == detail
    new = api.client.post("/v1/ladders", content=GOOD, headers={**ann, "content-type": YAML})
    assert problem(new) == (415, "unsupported-media-type", f"Send application/json, not '{YAML}'.")


@pytest.mark.parametrize(
    "media_type",
    ["Application/JSON", "application/json; charset=UTF-8", 'application/json ; charset="utf-8"'],
)
def test_a_media_type_ignores_case_and_parameters(api: Api, ann: Headers, media_type: str) -> None:
    answer = put(api, {**ann, "if-none-match": '"no"'}, GOOD, media_type)
    assert problem(answer)[0] == 428  # the body was read


def test_a_byte_order_mark_is_ignored(api: Api, ann: Headers) -> None:
    for media_type in (JSON, YAML):
        answer = put(api, {**ann, "if-none-match": '"no"'}, b"\xef\xbb\xbf" + GOOD, media_type)
        assert problem(answer)[0] == 428  # the body was read


def test_a_body_has_a_size_limit(api: Api, ann: Headers) -> None:
    huge = b'{"slug": "acme", "title": "' + b"x" * (50 * 1024 * 1024) + b'"}'
    assert problem(put(api, ann, huge)) == (413, "too-large", "The body is larger than 20971520 bytes.")
    yaml = put(api, ann, b"#" * (2 * 1024 * 1024 + 1), YAML)
    detail = "A YAML body can have at most 2,097,152 bytes. Send JSON, which can be larger."
    assert problem(yaml) == (413, "too-large", detail)


def test_a_body_with_too_many_values_is_refused_early(api: Api, ann: Headers) -> None:
    began = time.monotonic()
    many = put(api, ann, b"[" + b"0," * 1_000_000 + b"0]")
    assert problem(many)[:2] == (400, "malformed-request")
    assert "more than 250,000 values" in problem(many)[2]
    wide = put(api, ann, json.dumps({f"p{number}": number for number in range(100_000)}).encode())
    assert "more than 1,000 properties" in problem(wide)[2]
    assert time.monotonic() - began < 60


def test_parsing_a_document_has_a_time_limit() -> None:
    with pytest.raises(Exception, match=r"takes longer than 0.001 s to read") as raised:
        parse_apart(GOOD, "document.yaml", 0.001)
    assert type(raised.value).__name__ == "Invalid"


def test_the_parsing_subprocess_ignores_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check that code which parses untrusted bytes does not depend on the parent's environment."""
    monkeypatch.setenv("PYTHONSTARTUP", "/nonexistent")
    monkeypatch.setenv("LADDER_DATABASE_URL", "postgresql://user:secret@nowhere/x")
    assert parse_apart(GOOD, "document.json").title == "Acme"


# On the wire


@pytest.fixture(scope="module")
def server(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, str]]:
    """A real server, and a key that may write."""
    with seeded_server(sqlite_databases, tmp_path_factory.mktemp("wire"), "write") as found:
        yield found


def exchange(server: tuple[Server, str], body: bytes, *lines: str, close: bool = False) -> bytes:
    """Return the response to a body with these headers; `close` closes the sending side after it."""
    found, key = server
    head = [
        f"PUT {DOCUMENT} HTTP/1.1",
        "Host: here",
        f"Authorization: Bearer {key}",
        "If-None-Match: *",
        f"Content-Type: {JSON}",
        "Connection: close",
        *lines,
    ]
    with socket.create_connection(("127.0.0.1", found.port), timeout=30) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode() + body)
        if close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


def status_of(received: bytes) -> int:
    return int(received.split(b" ", 2)[1])


def test_a_body_shorter_than_its_length_is_not_written(server: tuple[Server, str]) -> None:
    received = exchange(server, GOOD, f"Content-Length: {len(GOOD) + 10}", close=True)
    assert received == b"" or status_of(received) == 400
    assert "defect" not in server[0].log


def test_a_body_longer_than_its_length_is_cut(server: tuple[Server, str]) -> None:
    received = exchange(server, GOOD + b"more", f"Content-Length: {len(GOOD) - 1}")
    assert status_of(received) == 400
    assert b"the file ends where" in received


@pytest.mark.parametrize("length", ["-1", "abc", "1, 2", "9" * 30])
def test_an_invalid_length_is_refused(server: tuple[Server, str], length: str) -> None:
    assert status_of(exchange(server, GOOD, f"Content-Length: {length}", close=True)) in {400, 413}


def test_a_body_without_a_length_is_cut_at_the_limit(server: tuple[Server, str]) -> None:
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    received = exchange(server, chunk * 20 + b"1\r\nx\r\n", "Transfer-Encoding: chunked")
    assert status_of(received) == 413
