"""Hot reads: looking up a finished response for exactly this URL, in a coding that was made before.

A look-up handles only requests that need no normalising, and rejects nothing. Every other request goes the long way
through the layer, which checks it again. Each read pays for every line of `find`; `make bench` shows the cost.
"""

from collections.abc import Mapping
from itertools import count
from os import urandom
from typing import Final, Protocol

from starlette.types import Scope

from app.serving.access.session_cookie import session_cookie
from app.serving.answers.answer_cache import AnswerCache, CachedAnswer
from app.serving.answers.conditional import not_modified
from app.serving.answers.metrics import Meter
from app.serving.answers.negotiation import choose_coding
from app.serving.answers.representation import Coded, Representation
from app.serving.answers.request import LONGEST_LIST, Fields, PageLanguages, request_id
from app.serving.callers import Caller
from app.serving.releases.catalog import Catalog
from app.serving.releases.deprecation_headers import Headers, announced
from app.serving.releases.freshness import Freshness
from app.serving.route_table import RouteTable

Hit = tuple[Coded, bool, Headers, bytes]
"""The response, whether the caller holds it already (304), later notices about its release, and the request id."""

_LONG_WAY: Final = frozenset({b"content-length", b"expect", b"transfer-encoding"})
"""Header fields of requests that are never answered here."""


class Admission(Protocol):
    """Authenticates and limits a request before anything is looked up."""

    @property
    def limits_reads(self) -> bool:
        """Return whether hot reads count towards the rate limit."""

    async def __call__(self, scope: Scope, catalog: Catalog | None, /) -> Caller:
        """Return the caller that sent the request. Raises LadderError to refuse it."""

    def may_read(self, scope: Scope, bucket: str, /) -> bool:
        """Count a hot read. Return False if it exceeds the rate limit."""


class HotReads:
    """Finds what is kept; one for each process, used from its event loop only."""

    def __init__(
        self,
        freshness: Freshness,
        cache: AnswerCache,
        meter: Meter,
        admit: Admission,
        routes: RouteTable,
        root_path: str,
        languages: PageLanguages,
    ) -> None:
        self._freshness = freshness
        self._cache = cache
        self._meter = meter
        self._admit = admit
        self._limited = admit.limits_reads
        self._root_path = root_path
        self._prefix = f"{root_path}/"
        self._cookie = session_cookie(root_path).encode()
        self._machine_paths = routes.machine_paths
        self._languages = languages
        self._id_prefix = urandom(6).hex().encode()
        self._id_count = count(1)

    def new_id(self) -> bytes:
        """An id for a request that brought none."""
        return b"%b-%x" % (self._id_prefix, next(self._id_count))

    def find(
        self, target: str, fields: Fields, values: Mapping[bytes, bytes], client: tuple[str, int] | None
    ) -> Hit | None:
        """Return the response to a GET or HEAD and count it, or None if the request must go the long way.

        `target` is the path, with nothing percent-encoded in it, and the query as it came, with its question mark
        if there is one. `fields` are the header fields with names in lower case, `values` the same by name, as
        `joined` gives them.
        """
        newest = self._freshness.newest
        if newest is None or not _LONG_WAY.isdisjoint(values):
            return None
        admitted = _admitted(newest, values)
        if admitted is None:
            return None
        view, bucket = admitted
        if self._root_path and target.startswith(self._prefix):
            target = target[len(self._root_path) :]
        if self._has_session(target, values):
            return None
        listed = values.get(b"accept-language")
        if listed is not None:
            target += self._languages.key(self._languages.choose(target, listed))
        kept = self._cache.get(view + target if view else target)
        if kept is None or (kept.catalog is not None and kept.catalog is not newest):
            return None
        coded = _coded(kept.representation, values)
        if coded is None or (self._limited and not self._may_read(fields, client, bucket)):
            return None
        return self._counted(kept, coded, newest, values)

    def _has_session(self, target: str, values: Mapping[bytes, bytes]) -> bool:
        """Return whether the response may depend on who is signed in: only paths for people read the cookie."""
        cookie = values.get(b"cookie")
        return cookie is not None and self._cookie in cookie and not target.startswith(self._machine_paths)

    def _counted(
        self, kept: CachedAnswer, coded: Coded, newest: Catalog, values: Mapping[bytes, bytes]
    ) -> Hit:
        self._meter.hits += 1
        notice: Headers = ()
        if kept.pinned and newest.notices:
            notice = announced(newest.notices, kept.pinned, self._root_path)
        if_none_match = values.get(b"if-none-match")
        known = if_none_match is not None and not_modified(if_none_match, coded.etag)
        if known:
            self._meter.not_modified += 1
        return coded, known, notice, request_id(values.get(b"x-request-id")) or self.new_id()

    def _may_read(self, fields: Fields, client: tuple[str, int] | None, bucket: str) -> bool:
        return self._admit.may_read({"headers": fields, "client": client}, bucket)


def _admitted(newest: Catalog, values: Mapping[bytes, bytes]) -> tuple[str, str] | None:
    """Return the view of the caller and the name under which its reads are counted; None if it must be admitted."""
    credential = values.get(b"authorization")
    return (newest.public_view, "") if credential is None else newest.admitted.get(credential)


def _coded(representation: Representation, values: Mapping[bytes, bytes]) -> Coded | None:
    """Return the representation in the coding that the request prefers; None if that takes a closer look."""
    accept, listed = values.get(b"accept"), values.get(b"accept-encoding")
    if max(len(accept or b""), len(listed or b""), len(values.get(b"if-none-match", b""))) > LONGEST_LIST:
        return None
    if accept is not None and accept != b"*/*" and not representation.suits(accept):
        return None
    coding = choose_coding(listed) if representation.compressible else "identity"
    return representation.codings.get(coding) if coding is not None else None
