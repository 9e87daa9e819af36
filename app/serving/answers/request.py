"""A request as the layer sees it: its headers that matter, and the key of its URL."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from re import compile as pattern
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.types import Scope

from app.errors import BadRequest, NotFound, UriTooLong
from app.serving.answers.negotiation import choose_language
from app.serving.route_table import RouteTable, note_facts
from app.store.drafts import MAX_CONTENT

_MAX_URL: Final = 8192
MOST_HEADERS: Final = 200
"""Header lines of a request at most; no honest one has as many."""
_REQUEST_ID: Final = pattern(rb"[A-Za-z0-9._-]{1,64}")
_JOINTS: Final = {b"cookie": b"; "}
"""The text between joined values, if not a comma."""
BODY_TOO_LARGE: Final = f"The body is larger than {MAX_CONTENT} bytes."
"""Said of a body that is larger than any may be."""
LONGEST_LIST: Final = 2048
"""Bytes of an Accept or Accept-Encoding header that are read: what such a header was found to mean is remembered."""
_LANGUAGE_KEY: Final = "ladder.language"
_TRACKING: Final = pattern(r"utm_\w{1,40}|fbclid|gclid")
"""Parameters that others append to links which people share; pages do without them."""
_ENCODED_SEPARATOR: Final = pattern(rb"%2[fF]|%3[fF]|%5[cC]|%00|\\")
"""Decoded, a question mark would make the key of another URL, one with parameters."""

Fields = list[tuple[bytes, bytes]]
"""Header fields with names in lower case, in the order in which they came."""


@dataclass(slots=True)
class Incoming:
    """The parts of a request that the layer needs, read once."""

    method: str
    path: str
    """The path as it came."""
    id: bytes
    started: float
    """Reading of `time.perf_counter`."""
    accept: bytes | None
    accept_encoding: bytes | None
    accept_language: bytes | None
    if_none_match: bytes | None
    content_length: bytes | None

    @classmethod
    def of(cls, scope: Scope, new_id: bytes) -> "Incoming":
        """Read a request; `new_id` is its id if the client sent none that is fit for a log."""
        headers = joined(scope["headers"][:MOST_HEADERS])
        return cls(
            scope["method"],
            scope["path"],
            request_id(headers.get(b"x-request-id")) or new_id,
            time.perf_counter(),
            headers.get(b"accept"),
            headers.get(b"accept-encoding"),
            headers.get(b"accept-language"),
            headers.get(b"if-none-match"),
            headers.get(b"content-length"),
        )

    @property
    def head(self) -> bool:
        """Return whether the request is a HEAD request."""
        return self.method == "HEAD"

    def refuse_long_lists(self) -> None:
        """Raise BadRequest if a header for content negotiation is longer than any sensible one."""
        for name, value in (("Accept", self.accept), ("Accept-Encoding", self.accept_encoding)):
            if value is not None and len(value) > LONGEST_LIST:
                raise BadRequest(f"The {name} header is longer than {LONGEST_LIST} bytes.")


def note_language(scope: Scope, language: str) -> None:
    """Let everything that handles a request see the language of pages that the client prefers."""
    scope[_LANGUAGE_KEY] = language


def language_in(scope: Scope, default: str) -> str:
    """Return the language of pages that the client prefers; the default if its URL has not been read yet."""
    language: str = scope.get(_LANGUAGE_KEY, default)
    return language


class PageLanguages:
    """The languages that the pages speak; one for each process.

    Only paths for people have words to choose. Their answers are kept under a key with the language, because the
    client's preference decides if the pages do not speak the language of the content.
    """

    def __init__(self, languages: Sequence[str], machine_paths: tuple[str, ...]) -> None:
        """Take the languages, the default first, and the beginnings of paths under which nothing is for people."""
        self._languages: Final = tuple(languages)
        self._machine_paths: Final = machine_paths
        self.default: Final = languages[0]

    def choose(self, path: str, accept_language: bytes | None) -> str:
        """Return the language that the client prefers for a path, which may have its query appended."""
        if not accept_language or len(accept_language) > LONGEST_LIST or path.startswith(self._machine_paths):
            return self.default
        return choose_language(accept_language, self._languages)

    def key(self, language: str) -> str:
        """Return the part of a key that names a language; empty for the default."""
        return (
            "" if language == self.default else f"\0{language}"
        )  # NUL is in no URL that `normalise` lets pass


def joined(fields: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return header fields by name; the values of a repeated field are joined into one list (RFC 9110, 5.3)."""
    values: dict[bytes, bytes] = {}
    for name, value in fields:
        before = values.get(name)
        values[name] = value if before is None else b"%b%b%b" % (before, _JOINTS.get(name, b", "), value)
    return values


def request_id(given: bytes | None) -> bytes | None:
    """Return the client's request id if it is fit for a log: up to 64 letters, digits, `.`, `_`, `-`."""
    return given if given is not None and _REQUEST_ID.fullmatch(given) else None


def normalise(scope: Scope, root_path: str, routes: RouteTable) -> str:
    """Bring a URL into its one form, in the scope too, and return it as a key; note the facts of its route.

    The prefix under which a proxy serves the API is taken off, and parameters are put in order of name;
    at pages those that trackers append are dropped.
    Raises BadRequest, NotFound or UriTooLong for a URL that no resource can have.
    """
    raw, query = scope["raw_path"], scope["query_string"]
    if len(scope["headers"]) > MOST_HEADERS:
        raise BadRequest(f"The request has more than {MOST_HEADERS} header lines.")
    if len(raw) + len(query) > _MAX_URL:
        raise UriTooLong(f"The URL is longer than {_MAX_URL} bytes.")
    path: str = scope["path"]
    if root_path and (path == root_path or path.startswith(f"{root_path}/")):
        path = scope["path"] = path[len(root_path) :] or "/"
    facts = routes.find(path, scope["method"])
    note_facts(scope, facts)
    if b"%" in raw and _ENCODED_SEPARATOR.search(raw):
        raise NotFound(
            "The path holds an encoded slash, backslash, question mark or NUL; no resource has one."
        )
    if not query:
        return path
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise BadRequest("The query string is not percent-encoded UTF-8.") from None
    if facts.page:
        pairs = [pair for pair in pairs if not _TRACKING.fullmatch(pair[0])]
    normal = urlencode(sorted(pairs, key=lambda pair: pair[0]))
    scope["query_string"] = normal.encode()
    return f"{path}?{normal}" if normal else path
