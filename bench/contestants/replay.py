"""Answers taken over from our own service, so that a contestant sends the very same bytes and headers."""

import json
import os
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

VARIABLE: Final = "BENCH_REPLAY"
"""Names the file with a `Replay` as JSON."""

_MADE_BY_SERVER: Final = {"date", "server", "connection", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Replay:
    """The answers to copy, and their origin."""

    origin: str
    headers: dict[str, str]
    """Headers of the requests."""
    paths: tuple[str, ...]

    def write(self, file: Path) -> None:
        """Leave it where a contestant will find it."""
        content = {"origin": self.origin, "headers": self.headers, "paths": self.paths}
        file.write_text(json.dumps(content), "utf-8")

    @classmethod
    def of_environment(cls) -> "Replay":
        """Return the one that the environment names."""
        content: dict[str, Any] = json.loads(Path(os.environ[VARIABLE]).read_text("utf-8"))
        return cls(content["origin"], content["headers"], tuple(content["paths"]))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as ASGI takes it: names of headers in lower case, none of those that the server makes."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def fetch(replay: Replay) -> dict[str, Answer]:
    """GET every path once; gives the answers by path. Raises ValueError where one is not 200."""
    connection = HTTPConnection(urlsplit(replay.origin).netloc, timeout=10)
    answers: dict[str, Answer] = {}
    for path in replay.paths:
        connection.request("GET", path, headers=replay.headers)
        response = connection.getresponse()
        pairs = ((name.lower(), value) for name, value in response.getheaders())
        headers = tuple(
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in pairs
            if name not in _MADE_BY_SERVER
        )
        answers[path] = Answer(response.status, headers, response.read())
        if response.status != 200:  # noqa: PLR2004 - OK
            raise ValueError(f"{path} answered {response.status}: {answers[path].body[:300]!r}")
    connection.close()
    return answers
