"""The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): a repeated POST runs only once.

Every POST that changes something accepts the header. A request with a key finds the stored answer once it is
allowed, inside its write transaction (`changing`). A refused request stores nothing, so it can be sent again.
"""

import hashlib
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

from fastapi import Request, Response

from app.api.protocol.multipart import FORM, form_parts
from app.api.protocol.request_bodies import small_of
from app.errors import BadRequest, UnsupportedMediaType
from app.rubric.people import identity_of
from app.serving.answers.answer import answer_of
from app.store.idempotency import KeyedRequest, StoredAnswer

HEADER: Final = "Idempotency-Key"
DESCRIPTION: Final = (
    "Any text of up to 255 characters, new for each action, such as a UUID. If you send the same request again "
    "within a day, you get the first answer again and nothing is done twice."
)
_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}")
_SCOPE_KEY: Final = "ladder.keyed_request"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
BodyReader = Callable[[Request], Coroutine[Any, Any, bytes]]


class Replay(Exception):
    """The exception for a request that has already been processed; it ends the handler."""

    def __init__(self, answer: StoredAnswer) -> None:
        super().__init__()
        self.answer = answer
        """The answer to the first request."""


def idempotent(handler: Handler, body_of: BodyReader = small_of) -> Handler:
    """Return a handler that repeats the first answer to a request with a known Idempotency-Key.

    `body_of` reads the body of the request.
    """

    async def handle(request: Request) -> Response:
        request.scope[_SCOPE_KEY] = await _keyed_request(request, body_of)
        try:
            return await handler(request)
        except Replay as replay:
            return _replayed(request, replay.answer)

    return handle


def keyed_request_of(request: Request) -> KeyedRequest | None:
    """Return the request for the store of answers; None if it has no Idempotency-Key."""
    keyed: KeyedRequest | None = request.scope.get(_SCOPE_KEY)
    return keyed


def count_once(request: Request, key: str) -> None:
    """Let a form count once, however often it is sent: as a request with this key. For pages."""
    digest = hashlib.sha256(f"{request.url.path}\n{key}".encode()).hexdigest()
    caller = answer_of(request.scope).caller
    request.scope[_SCOPE_KEY] = KeyedRequest(identity_of(caller.identity), f"form {key[:200]}", digest)


def response_of(answer: StoredAnswer) -> Response:
    """Return the response that sends an answer."""
    headers = {name: value for name, value in answer.headers if name != "etag"}
    return Response(answer.body, answer.status, headers, "application/json")


def _replayed(request: Request, answer: StoredAnswer) -> Response:
    answer_of(request.scope).etag = dict(answer.headers).get("etag")
    return response_of(answer)


async def _keyed_request(request: Request, body_of: BodyReader) -> KeyedRequest | None:
    """Return the value of the header. Raises BadRequest if it is malformed or sent twice.

    Returns None for an anonymous caller, whose request is refused anyway.
    """
    values = request.headers.getlist(HEADER)
    caller = answer_of(request.scope).caller
    if not values or not caller.name:
        return None
    key = values[0].strip()
    if key.startswith('"') and key.endswith('"'):  # the draft standard requires a quoted string
        key = key[1:-1]
    if len(values) > 1 or _KEY.fullmatch(key) is None:
        raise BadRequest(f"Send one {HEADER} of 1 to 255 printable ASCII characters.")
    target = (_lasting_path(request), request.url.query)
    digest = hashlib.sha256("\n".join(target).encode() + b"\n" + _content_of(request, await body_of(request)))
    return KeyedRequest(identity_of(caller.identity), key, digest.hexdigest())


def _lasting_path(request: Request) -> str:
    """Return the path with the original slug of its ladder, which stays if the request renames the ladder."""
    ladder, known = request.path_params.get("ladder"), answer_of(request.scope).known
    if ladder is None or known is None:
        return request.url.path
    slug, at, selector = ladder.partition("@")
    lasting = f"/ladders/{known.original(slug)}{at}{selector}"
    return request.url.path.replace(f"/ladders/{ladder}", lasting, 1)


def _content_of(request: Request, body: bytes) -> bytes:
    """Return what makes two bodies the same: media type and bytes; of a form the fields, whatever separates them."""
    media_type = request.headers.get("content-type", "")
    if media_type.lower().startswith(FORM):
        with suppress(BadRequest, UnsupportedMediaType):
            parts = sorted(form_parts(body, media_type).items())
            named = (
                f"{name}\n{part.file}\n{len(part.content)}\n".encode() + part.content for name, part in parts
            )
            return b"".join(named)
    return media_type.encode() + b"\n" + body
