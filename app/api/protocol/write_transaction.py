"""The write transaction of a request. Every request that changes something goes through `changing`.

It takes the write lock, so nobody else can change anything until it ends. The answer to a POST is rendered in the
transaction and stored with the action if the request has an Idempotency-Key.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from fastapi import Request, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from app.api.protocol.idempotency import Replay, keyed_request_of, response_of
from app.api.protocol.rights import actor_of
from app.api.reading.reader import serving_of
from app.serving.answers.answer import answer_of
from app.store.audit import Actor
from app.store.engine import writing
from app.store.idempotency import StoredAnswer, find_answer, store_answer
from app.store.revision import hold_revision


@dataclass(slots=True)
class Change:
    """The transaction, the actor and the time of a change."""

    request: Request
    connection: Connection
    now: datetime
    actor: Actor = field(init=False)
    """The caller, as the audit log names them."""
    answered: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Take the actor from the request."""
        self.actor = actor_of(self.request)

    @property
    def identity(self) -> str:
        """The identity of the caller."""
        return answer_of(self.request.scope).caller.identity

    def answer(
        self,
        body: BaseModel,
        *,
        status: int = 201,
        location: str | None = None,
        kept: BaseModel | None = None,
    ) -> Response:
        """Return the response, and store it with the change if the request has an Idempotency-Key.

        If the body holds a secret, `kept` is the body without it: only that is stored.
        """
        etag = answer_of(self.request.scope).etag
        named = (("location", location), ("etag", etag))
        headers = tuple((name, value) for name, value in named if value is not None)
        answer = StoredAnswer(status, headers, _bytes_of(body))
        keyed = keyed_request_of(self.request)
        if keyed is not None:
            stored = answer if kept is None else replace(answer, body=_bytes_of(kept))
            store_answer(self.connection, keyed, stored, self.now)
        self.answered = True
        return response_of(answer)


def _bytes_of(body: BaseModel) -> bytes:
    return body.model_dump_json(by_alias=True, exclude_none=True).encode()


def replay_known(request: Request) -> None:
    """Raise Replay if the request has already been processed, and Invalid if its key was used for another one.

    For requests whose work is long, or whose preconditions no longer hold once they have been processed.
    """
    serving, keyed = serving_of(request), keyed_request_of(request)
    if keyed is not None:
        now = serving.clock()
        stored = serving.database.ask(lambda connection: find_answer(connection, keyed, now))
        if stored is not None:
            raise Replay(stored)


@contextmanager
def changing(request: Request) -> Iterator[Change]:
    """Open the write transaction of a request: committed at the end, rolled back on any error.

    Raises:
        Replay: The request has already been processed.
        Invalid: The Idempotency-Key was used for another request.
        Unavailable: The database cannot be reached, or another writer holds the lock for too long.
    """
    serving, keyed = serving_of(request), keyed_request_of(request)
    serving.database.refuse_if_away()
    with writing(serving.engine) as connection:
        hold_revision(connection)
        change = Change(request, connection, serving.clock())
        stored = None if keyed is None else find_answer(connection, keyed, change.now)
        if stored is not None:
            raise Replay(stored)
        yield change
        if keyed is not None and not change.answered:
            raise AssertionError("A POST must answer inside its transaction, so that it runs only once")
