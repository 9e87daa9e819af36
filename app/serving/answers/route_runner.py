"""Running a route: the request goes to FastAPI, and its response is captured whole."""

from collections.abc import Callable
from traceback import extract_tb
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope

from app.errors import Internal, LadderError, TooLarge
from app.serving.answers.answer import SCOPE_KEY, Answer
from app.serving.answers.request import BODY_TOO_LARGE, Incoming
from app.serving.answers.response_headers import Captured
from app.store.drafts import MAX_CONTENT

_REFUSED: Final = 400
"""From this status on, a response is an error."""
_DEFECTS: Final = structlog.get_logger("defect")

Present = Callable[[Scope, Captured], Captured]
"""Shows an error as the client wants it: as problem details, or as a page."""


class Routes:
    """The application behind the layer."""

    def __init__(self, app: ASGIApp, present: Present) -> None:
        self._app = app
        self._present = present

    async def run(self, scope: Scope, receive: Receive, incoming: Incoming, answer: Answer) -> Captured:
        """Run the application on a copy of the scope and capture its response. A HEAD request runs as GET.

        Raises Internal for an exception that no route expects, and logs where it happened.
        """
        method = "GET" if incoming.head else incoming.method
        inner = {**scope, "method": method, SCOPE_KEY: answer, "ladder.request_id": incoming.id.decode()}
        captured = Captured(500, [], b"")
        chunks: list[bytes] = []

        async def capture(message: Message) -> None:
            if message["type"] == "http.response.start":
                captured.status, captured.headers = message["status"], list(message.get("headers", ()))
            elif message["type"] == "http.response.body":
                chunks.append(message.get("body", b""))

        try:
            await self._app(inner, _bounded(receive), capture)
        except LadderError:
            raise
        except Exception as error:
            _DEFECTS.error("defect", request_id=incoming.id.decode(), **_where(error))
            raise Internal("Something went wrong here; it has been logged under the request id.") from error
        captured.body = b"".join(chunks)
        if method == "GET":
            vary = answer.varies(captured.status)
            captured.headers += [(b"vary", b", ".join(vary))] if vary else []
        return captured if captured.status < _REFUSED else self._present(inner, captured)


def _bounded(receive: Receive) -> Receive:
    """Return a receiver that refuses a body without Content-Length once it is too large."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_CONTENT:
            raise TooLarge(BODY_TOO_LARGE)
        return message

    return bounded


def _where(error: BaseException) -> dict[str, object]:
    """Return what the log says about a defect: its type and places in the code, but no values."""
    frames = extract_tb(error.__traceback__)[-6:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "places": places}
