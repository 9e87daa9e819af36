"""Hot reads: looking up what is kept for this very URL, in a coding that was made before.

A look-up takes only what needs no normalising and refuses nothing; whatever is unusual goes the long way of the
layer, where it is looked at again. Every line of `find` is paid for by each read; `make bench` shows it.
"""

from collections.abc import Iterable
from itertools import count
from os import urandom
from typing import Final, Protocol

from starlette.types import Scope

from app.serving.access.visits import session_cookie
from app.serving.answers.incoming import LONGEST_LIST, MOST_HEADERS, request_id
from app.serving.answers.keep import Keep
from app.serving.answers.metrics import Meter
from app.serving.answers.negotiation import choose_coding, matches
from app.serving.answers.representation import Coded
from app.serving.callers import Caller
from app.serving.releases.catalog import Catalog
from app.serving.releases.freshness import Freshness
from app.serving.releases.notices import Headers, announced

Hit = tuple[Coded, bool, Headers, bytes]
"""What is kept, whether the caller holds it already (304), what was said of its release since, the request id."""

_LOOKED_AT: Final = frozenset(
    {b"accept", b"accept-encoding", b"authorization", b"cookie", b"if-none-match", b"x-request-id"}
    | {
        b"content-length",
        b"expect",
        b"transfer-encoding",
        b"upgrade",
    }  # only to send the request the long way
)


class Admission(Protocol):
    """Authenticates and limits a request before anything is looked up."""

    @property
    def limits_reads(self) -> bool:
        """Whether hot reads must be counted, too."""

    async def __call__(self, scope: Scope, catalog: Catalog | None, /) -> Caller:
        """Who asks. Raises LadderError to refuse."""

    def may_read(self, scope: Scope, bucket: str, /) -> bool:
        """Count a hot read; False where it is one too many."""


class HotReads:
    """Finds what is kept; one for each process, used from its event loop only."""

    def __init__(
        self, freshness: Freshness, keep: Keep, meter: Meter, admit: Admission, root_path: str
    ) -> None:
        self._freshness = freshness
        self._keep = keep
        self._meter = meter
        self._admit = admit
        self._limited = admit.limits_reads
        self._root_path = root_path
        self._prefix = f"{root_path}/"
        self._cookie = session_cookie(root_path).encode()
        self._id_prefix = urandom(6).hex().encode()
        self._id_count = count(1)

    def new_id(self) -> bytes:
        """An id for a request that brought none."""
        return b"%b-%x" % (self._id_prefix, next(self._id_count))

    def find(  # noqa: C901, PLR0911, PLR0912 - calls would cost more
        self, target: str, headers: list[tuple[bytes, bytes]], client: tuple[str, int] | None
    ) -> Hit | None:
        """The answer to a GET or HEAD, and count it; None sends the request the long way.

        `target` is the path, without anything percent-encoded, and the query as it came, with its question mark
        where there is one. Names of headers are in lower case.
        """
        newest = self._freshness.newest
        if newest is None or len(headers) > MOST_HEADERS:
            return None
        accept = accept_encoding = if_none_match = given_id = credential = None
        visits = False
        for name, value in headers:
            if name not in _LOOKED_AT:
                continue
            if name == b"cookie":
                visits = visits or self._cookie in value
            elif len(value) > LONGEST_LIST:
                return None
            elif name == b"accept-encoding" and accept_encoding is None:
                accept_encoding = value
            elif name == b"accept" and accept is None:
                accept = value
            elif name == b"if-none-match" and if_none_match is None:
                if_none_match = value
            elif name == b"x-request-id" and given_id is None:
                given_id = value
            elif name == b"authorization" and credential is None:
                credential = value
            else:
                return None
        if credential is None:
            view, bucket = newest.public_view, ""
        else:
            admitted = newest.admitted.get(credential)
            if admitted is None:
                return None
            view, bucket = admitted
        if self._root_path and target.startswith(self._prefix):
            target = target[len(self._root_path) :]
        if visits and not target.startswith("/v1"):  # pages show who visits; the API knows no cookies
            return None
        kept = self._keep.get(view + target if view else target)
        if kept is None or (kept.catalog is not None and kept.catalog is not newest):
            return None
        representation = kept.representation
        if accept is not None and accept != b"*/*" and not representation.suits(accept):
            return None
        coding = choose_coding(accept_encoding) if representation.compressible else "identity"
        coded = representation.codings.get(coding) if coding is not None else None
        if coded is None or (self._limited and not self._may_read(headers, client, bucket)):
            return None
        self._meter.hits += 1
        notice: Headers = ()
        if kept.pinned and newest.notices:
            notice = announced(newest.notices, kept.pinned, self._root_path)
        known = if_none_match is not None and matches(if_none_match, coded.etag)
        if known:
            self._meter.not_modified += 1
        return coded, known, notice, request_id(given_id) or self.new_id()

    def _may_read(
        self, headers: Iterable[tuple[bytes, bytes]], client: tuple[str, int] | None, bucket: str
    ) -> bool:
        return self._admit.may_read({"headers": headers, "client": client}, bucket)
