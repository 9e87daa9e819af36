"""Facts about an answer that a handler tells the layer: which releases were read, how long it may be cached."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, cast

from app.errors import NotFound, Renamed
from app.rubric.releases import Release
from app.serving.access.session_cookie import BrowserSession
from app.serving.callers import ANYONE, Caller
from app.serving.releases.catalog import Catalog, Reference, Resolved

SCOPE_KEY: Final = "ladder.answer"

_PINNED: Final = b"max-age=31536000, immutable"
_UNPINNED: Final = b"max-age=10, stale-while-revalidate=30, stale-if-error=86400"
_FIXED: Final = b"max-age=300, stale-if-error=86400"
_NEVER: Final = b"no-store"
_OK: Final = 200


class _CatalogSource(Protocol):
    @property
    def catalog(self) -> Catalog: ...


@dataclass(slots=True)
class Answer:
    """Filled in while a request is answered; one for each request."""

    source: _CatalogSource
    caller: Caller = ANYONE
    """The caller."""
    known: Catalog | None = None
    """The whole catalog as it was when the caller was admitted; None before first contact."""
    session: BrowserSession | None = None
    """The signed-in visitor of the pages, if a cookie names one; nobody else gets the answer."""
    place: bool = False
    """True for a page of the explorer, which signed-in visitors see differently."""
    reads: list[tuple[Reference, Resolved]] = field(default_factory=list)
    across: bool = False
    """The answer depends on all ladders, or on the status of releases."""
    fixed: bool = False
    """The answer is the same for the life of the process."""
    lasting: bool = True
    """A later version of the software would say the same of the same release."""
    draft: bool = False
    """A draft was read: the answer holds for nobody else, and not for long."""
    etag: str | None = None
    """The tag of the draft's part that was asked for, with its quotes; None: made of the body."""
    revalidates: bool = True
    """True if the tag covers the whole body. Otherwise it is for writing only, and never a reason for 304."""
    lines: set[str] = field(default_factory=set)
    """Original slugs of the ladders whose releases were looked at, in addition to those in `reads`."""
    negotiated: bool = False
    """Accept chose among several formats."""
    by_url: bool = False
    """The URL decides the format, so Accept is ignored."""
    language: str = "en"
    """The language of pages that the client prefers."""
    by_language: bool = False
    """The preferred language of the client decided the words."""
    after_sign_in: str | None = None
    """The page to go to after signing in, if that is not the requested page."""
    links: list[tuple[str, str]] = field(default_factory=list)
    """Links for the Link header (RFC 8288): relation and path-absolute target."""

    @property
    def view(self) -> str:
        """Return the name of what the caller may see, which is part of every key."""
        return "" if self.known is None else self.known.view(self.caller)

    @property
    def catalog(self) -> Catalog:
        """Return the one catalog of this request, without ladders that are hidden from the caller.

        Raises Unavailable before first contact.
        """
        if self.known is None:
            self.known = self.source.catalog
        return self.known.seen_by(self.caller)

    def resolve(self, text: str) -> Resolved:
        """Resolve a ladder as the URL names it, and note that the answer depends on it."""
        reference = Reference.parse(text)
        resolved = self.catalog.resolve(reference)
        self.reads.append((reference, resolved))
        return resolved

    def line(self, slug: str) -> tuple[Release, ...]:
        """Return the releases of a ladder, lowest number first; the answer depends on it. Raises NotFound."""
        line = self.catalog.line(slug)
        self.lines.add(line[0].original)
        return line

    def open_draft(self, slug: str) -> None:
        """Note that the answer depends on a draft. Raises Unauthenticated or Forbidden if it is not allowed."""
        self.caller.require_draft(slug)
        self.draft = True

    def preferred_language(self) -> str:
        """Return the language of pages that the client prefers; the answer depends on it."""
        self.by_language = True
        return self.language

    @property
    def pinned(self) -> bool:
        """Return whether every release was named by its number, and nothing else was read."""
        alone = self.lasting and not self.across and not self.draft
        return bool(self.reads) and alone and all(resolved.pinned for _, resolved in self.reads)

    @property
    def named(self) -> tuple[str, ...]:
        """Return the identities of the releases that a pinned answer was read from; empty for other answers."""
        return tuple(resolved.release.identity for _, resolved in self.reads) if self.pinned else ()

    @property
    def keepable(self) -> bool:
        """Return whether the same request may be answered from memory."""
        return not self.draft and (self.fixed or self.across or bool(self.reads))

    @property
    def about(self) -> frozenset[str]:
        """Return the original slugs of the ladders that it is about; empty if it is about all of them, or none."""
        return frozenset((*self.lines, *(resolved.release.original for _, resolved in self.reads)))

    @property
    def private(self) -> bool:
        """Return whether the credential was needed: without it, the answer would be another."""
        if self.known is None or self.caller is ANYONE:
            return False
        if self.known.closed or not self.known.internal.isdisjoint(self.about):
            return True
        return self.across and not self.about and self.known.view(self.caller) != self.known.public_view

    def varies(self, status: int) -> tuple[bytes, ...]:
        """Return the request headers on which the answer under this URL depends, for `Vary`."""
        if self.session is not None:  # nobody keeps it
            return ()
        named = []
        if self.private or (not self.about and (self.across or status == NotFound.status)):
            named.append(b"authorization")
        if self.place and status == _OK:
            named.append(b"cookie")
        if self.negotiated and status in {_OK, Renamed.status}:
            named.append(b"accept")
        if self.by_language:
            named.append(b"accept-language")
        return tuple(named)

    @property
    def cache_control(self) -> bytes:
        """Return the value of Cache-Control (RFC 9111; RFC 5861 for stale-*; RFC 8246 for immutable)."""
        return b"private, " + self._lifetime if self.private and self.keepable else self._lifetime

    @property
    def _lifetime(self) -> bytes:
        if self.draft:
            return _NEVER
        if self.pinned:
            return _PINNED
        if self.across or self.reads:
            return _UNPINNED
        return _FIXED if self.fixed else _NEVER

    def unpinned(self) -> tuple[tuple[Reference, str], ...]:
        """Return each unpinned reference with the identity of the release it meant."""
        return tuple((ref, resolved.release.identity) for ref, resolved in self.reads if not resolved.pinned)


def answer_of(scope: object) -> Answer:
    """Return the answer of an ASGI scope, which its route fills in."""
    return cast("dict[str, Answer]", scope)[SCOPE_KEY]


def link_header(links: Sequence[tuple[str, str]]) -> bytes:
    """Return the value of the Link header (RFC 8288). Targets are path-absolute and ASCII."""
    return ", ".join(f'<{target}>; rel="{relation}"' for relation, target in links).encode("ascii")
