"""Preconditions of writes (RFC 9110, 13): a write names the state that its author has read."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Header, Request

from app.api.reading.draft_etags import content_part
from app.errors import BadRequest, PreconditionFailed, PreconditionRequired

_TAG: Final = r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")'
_LIST: Final = re.compile(rf"[ \t,]*{_TAG}(?:[ \t]*,[ \t,]*{_TAG})*[ \t,]*")
_LONGEST: Final = 2048
_IF_MATCH: Final = "The `ETag` that you read. Required to change an existing resource."
_IF_NONE_MATCH: Final = "`*` to create a resource that does not exist yet."


@dataclass(frozen=True, slots=True)
class Preconditions:
    """The preconditions of a write. Tags have their quotes."""

    match: frozenset[str] | None = None
    """The strong tags of If-Match, with `*` for any state; None without the header."""
    unless: frozenset[str] | None = None
    """The tags of If-None-Match; None without the header."""

    def require(self, tag: str | None, what: str) -> None:
        """Refuse a write that is not meant for the current state.

        Args:
            tag: The current tag with its quotes; None if the resource does not exist.
            what: What it is called in messages, such as "the draft of 'acme'".

        Raises:
            PreconditionFailed: The state is another; the error has the current tag.
            PreconditionRequired: The write does not name a state.
        """
        if tag is None:
            self._require_absence(what)
            return
        if self.match == frozenset():
            raise PreconditionFailed(
                f"If-Match has only weak tags (`W/…`), and a weak tag never matches. A proxy may have "
                f"weakened the tag. Send the strong ETag of {_small(what)} without `W/`. It is now {tag}.",
                etag=tag,
            )
        if self.match is not None and not self.match & {content_part(tag), "*"}:
            raise PreconditionFailed(
                f"{_capital(what)} has changed since you read it. Its ETag is now {tag}. Read it again, then retry.",
                etag=tag,
            )
        if self.unless is not None and self.unless & {tag, "*"}:
            raise PreconditionFailed(f"{_capital(what)} already exists. Its ETag is {tag}.", etag=tag)
        if self.match is None:
            raise PreconditionRequired(
                f"The If-Match header is missing. Send the ETag of {_small(what)} that you read. It is now {tag}."
            )

    def _require_absence(self, what: str) -> None:
        if self.match is not None:
            raise PreconditionFailed(
                f"{_capital(what)} does not exist, so If-Match cannot match. Send If-None-Match: * to create it."
            )
        if self.unless != frozenset({"*"}):
            raise PreconditionRequired(
                f"{_capital(what)} does not exist yet. Send If-None-Match: * to create it."
            )


async def preconditions_of(
    request: Request,
    if_match: Annotated[str | None, Header(description=_IF_MATCH)] = None,
    if_none_match: Annotated[str | None, Header(description=_IF_NONE_MATCH)] = None,
) -> Preconditions:
    """Return the preconditions of a request. Raises BadRequest if a header is not a list of entity tags."""
    del if_match, if_none_match  # declared for the documentation; a list may come in several lines
    return Preconditions(
        _content_parts(_tags(request, "If-Match", weak=False)),
        _tags(request, "If-None-Match", weak=True),
    )


PreconditionsDep = Annotated[Preconditions, Depends(preconditions_of)]


def _content_parts(tags: frozenset[str] | None) -> frozenset[str] | None:
    return None if tags is None else frozenset(map(content_part, tags))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _tags(request: Request, header: str, *, weak: bool) -> frozenset[str] | None:
    """Return the tags of a header, without weak ones for If-Match, which compares strongly."""
    lines = request.headers.getlist(header)
    if not lines:
        return None
    text = ", ".join(lines).strip()
    if text == "*":
        return frozenset({"*"})
    if len(text) > _LONGEST or _LIST.fullmatch(text) is None:
        raise BadRequest(f'{header} must be `*` or a list of entity tags, each in double quotes: "…", "…".')
    return frozenset(tag for mark, tag in re.findall(_TAG, text) if weak or not mark)
