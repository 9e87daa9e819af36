"""A later version of the service, as stability.md allows it within `/v1`.

It passes requests on to the real server. In every JSON body it replaces the known values of an open list by one that
no client knows, and adds a field to every object whose fields the document names.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from app.api.openapi.schemas import OPEN, REFERENCE

Json = Any
NEW_VALUE: Final = "added-tomorrow"
NEW_FIELD: Final = "added_tomorrow"
_ROOT: Final = Path(__file__).parents[2]


@cache
def document() -> Json:
    """Return the OpenAPI document from which the clients are generated."""
    return json.loads((_ROOT / "openapi.json").read_text("utf-8"))


@contextmanager
def tomorrow(origin: str) -> Iterator[str]:
    """Serve what the server at an origin answers, with values and fields that are added tomorrow."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Pass the request on."""
            status, kind, body = _fetched(origin + self.path, self.headers["accept"])
            if kind == "application/json":
                body = json.dumps(later(json.loads(body), schema_of(self.path))).encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Write no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _fetched(url: str, accept: str | None) -> tuple[int, str, bytes]:
    request = Request(url, headers={"accept": accept or "*/*"})  # noqa: S310 - a server of the tests
    try:
        with urlopen(request) as answer:  # noqa: S310 - the same
            return answer.status, answer.headers["content-type"], answer.read()
    except HTTPError as error:
        return error.code, error.headers["content-type"], error.read()


def schema_of(path: str) -> Json:
    """Return the schema of the JSON body at a path, or an empty one."""
    parts = path.partition("?")[0].split("/")
    for pattern, item in sorted(document()["paths"].items(), key=lambda pair: pair[0].count("{")):
        named = pattern.split("/")
        if len(named) == len(parts) and all(
            name[:1] == "{" or name == part for name, part in zip(named, parts, strict=True)
        ):
            content = item.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
            return content.get("application/json", {}).get("schema", {})
    return {}


def later(value: Json, schema: Json) -> Json:
    """Return a value as a later version may send it."""
    if "$ref" in schema:
        return later(value, document()["components"]["schemas"][schema["$ref"].removeprefix(REFERENCE)])
    if isinstance(value, str):
        return NEW_VALUE if OPEN in schema else value
    if isinstance(value, list):
        return [later(one, schema.get("items", {})) for one in value]
    if not isinstance(value, dict):
        return value
    fields, others = schema.get("properties", {}), schema.get("additionalProperties")
    found = {
        name: later(one, fields.get(name, others if isinstance(others, dict) else {}))
        for name, one in value.items()
    }
    return found | {NEW_FIELD: {"of": ["a later", 1]}} if fields else found


def known(value: Json) -> Json:
    """Return a value without the fields that a later version adds."""
    if isinstance(value, list):
        return [known(one) for one in value]
    if isinstance(value, dict):
        return {name: known(one) for name, one in value.items() if name != NEW_FIELD}
    return value
