"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a POST that is sent again is done once.

Every POST takes one. What was done is answered again for a day, byte for byte; what was refused may be sent again
under the same key, for nothing was done.
"""

import hashlib
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from app.api.protocol.request_bodies import part_of
from app.api.reading.reader import serving_of
from app.errors import BadRequest, Unavailable
from app.serving.answers.answer import answer_of
from app.store.engine import writing
from app.store.idempotency import Answered, Once, begin_once, forget_once, keep_answer

HEADER: Final = "Idempotency-Key"
DESCRIPTION: Final = (
    "Any text of up to 255 characters, new for each thing to do, such as a UUID. Sent again within a day with the "
    "same body, it is answered as the first time, and nothing is done twice."
)
_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}")
_MADE_ELSEWHERE: Final = frozenset({"content-length"})
_Answer = TypeVar("_Answer")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def once(handler: Handler) -> Handler:
    """The same handler, which does a request with an Idempotency-Key once."""

    async def handle(request: Request) -> Response:
        asked = await _once_of(request)
        if asked is None:
            return await handler(request)
        known = await _in_database(request, begin_once, asked, serving_of(request).clock())
        if known is not None:
            return Response(known.body, known.status, dict(known.headers))
        try:
            response = await handler(request)
        except Exception:
            await _in_database(request, forget_once, asked)
            raise
        with suppress(Unavailable):  # what is done is done: the caller must learn of it
            await _in_database(request, keep_answer, asked, _answered(request, response))
        return response

    return handle


async def _once_of(request: Request) -> Once | None:
    """What is to be done once; None where there is no key, or nobody whose key it could be.

    Raises BadRequest where the key is none.
    """
    given = request.headers.getlist(HEADER)
    caller = answer_of(request.scope).caller
    if not given or not caller.name:
        return None
    key = given[0].strip()
    if key.startswith('"') and key.endswith('"'):  # a string, as the draft of the standard writes it
        key = key[1:-1]
    if len(given) > 1 or _KEY.fullmatch(key) is None:
        raise BadRequest(f"Send one {HEADER}, of 1 to 255 printable ASCII characters.")
    said = (request.url.path, request.url.query, request.headers.get("content-type", ""), caller.via or "")
    body = await part_of(request)  # no POST takes more
    digest = hashlib.sha256("\n".join(said).encode() + b"\n" + body)
    return Once(caller.name, key, digest.hexdigest())


def _answered(request: Request, response: Response) -> Answered:
    """The answer as it will be sent again, with the tag that the layer in front adds."""
    headers = [(name, value) for name, value in response.headers.items() if name not in _MADE_ELSEWHERE]
    etag = answer_of(request.scope).etag
    if etag is not None:
        headers.append(("etag", etag))
    return Answered(response.status_code, tuple(headers), bytes(response.body))


async def _in_database(request: Request, act: Callable[..., _Answer], *arguments: object) -> _Answer:
    """Do it in a write transaction of its own, off the event loop. Raises Unavailable."""
    serving = serving_of(request)
    serving.database.refuse_if_away()

    def acted() -> _Answer:
        with writing(serving.engine) as connection:
            return act(connection, *arguments)

    return await run_in_threadpool(acted)
