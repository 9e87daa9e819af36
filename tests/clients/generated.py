"""Shared parts of the tests of generated clients: names in other languages, and a check of what a client reads."""

import json
import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode
from urllib.request import urlopen

from tests.clients.operations import Read, reads
from tests.clients.tomorrow import document, known

ROOT: Final = Path(__file__).parents[2]
READS: Final = reads()
_DEFAULTS: Final = {("limit", "50"), ("column_limit", "50")}
_UTC: Final = re.compile(r"(?<=T\d\d:\d\d:\d\d)(\.0+Z|\+00:00)$")


def run(folder: Path, *command: str | Path, **environment: str) -> str:
    """Return the output of a program that must succeed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
    return done.stdout


def assert_reads_everything(folder: Path, *driver: str | Path, origins: Sequence[str], **more: str) -> None:
    """Run a program that reads every resource of a server, and compare what it read with the server's responses.

    The program prints one object: by operation, what the client returned, or the text of its error. A client may
    leave out fields that it does not know.
    """
    for origin in origins:
        found: dict[str, Any] = json.loads(run(folder, *driver, origin, **more))
        wrong = {
            read.operation: str(found.get(read.operation))[:500]
            for read in READS
            if _plain(found.get(read.operation)) != _plain(_body(origin, read))
        }
        assert not wrong, json.dumps(wrong, indent=1)


def url_of(read: Read) -> str:
    """Return the path and query of a read."""
    path = read.path.format(**{name: quote(str(value), safe="@") for name, value in read.values.items()})
    return f"{path}?{urlencode(read.query)}" if read.query else path


def camel(name: str, *, upper: bool = False) -> str:
    """Return `read_level` as `readLevel`, or as `ReadLevel`."""
    first, *rest = name.split("_")
    return (first.capitalize() if upper else first) + "".join(part.capitalize() for part in rest)


def schema_names(read: Read) -> tuple[str | None, str | None]:
    """Return the names of the schemas of the JSON body and, if it is a list, of its items; None without a name."""
    content = document()["paths"][read.path]["get"]["responses"]["200"]["content"]
    media_type = content.get("application/json") or next(iter(content.values()))
    schema = media_type.get("schema", {})
    names = (str(one.get("$ref", "")).rpartition("/")[2] or None for one in (schema, schema.get("items", {})))
    return next(names), next(names)


def _body(origin: str, read: Read) -> Any:  # noqa: ANN401 - any JSON
    with urlopen(origin + url_of(read)) as answer:  # noqa: S310 - a server of the tests
        return json.load(answer)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a body in one form: without unknown fields, with moments and links as the server writes them.

    Some clients send the default of a parameter, so it is in the links of the response.
    """
    text = json.dumps(known(value))
    return json.loads(text, object_hook=lambda one: {name: _text(inner) for name, inner in one.items()})


def _text(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if not isinstance(value, str):
        return value
    if value.startswith("/v1/") and "?" in value:
        path, _, query = value.partition("?")
        return f"{path}?{urlencode(sorted(set(parse_qsl(query)) - _DEFAULTS))}".rstrip("?")
    return _UTC.sub("Z", value)
