"""The limit: an ASGI application that does nothing but send bytes it holds. No Python server can be faster.

Of one URL it does not even look at the request; of several it looks up the path.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bench.contestants.replay import Answer, Replay, fetch


def create_app() -> ASGIApp:
    """Take the answers over, and serve them."""
    messages = {path: _messages(answer) for path, answer in fetch(Replay.of_environment()).items()}
    if len(messages) == 1:
        return _fixed(*messages.popitem()[1])
    return _by_path(messages)


def _messages(answer: Answer) -> tuple[Message, Message]:
    start = {"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)}
    return start, {"type": "http.response.body", "body": answer.body}


def _fixed(start: Message, body: Message) -> ASGIApp:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(start)
        await send(body)

    return app


def _by_path(messages: dict[str, tuple[Message, Message]]) -> ASGIApp:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        start, body = messages[scope["path"]]
        await send(start)
        await send(body)

    return app
