"""Which right an operation needs. Every operation that is not a plain read declares one here."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import Depends, Request

from app.serving.answer import answer_of
from app.serving.callers import Caller, Right
from app.store.audit import Actor

NEEDS: Final = "__needs__"
"""The attribute by which a dependency tells the right it asks for."""


def needs(right: Right) -> Callable[[Request], Awaitable[Caller]]:
    """A dependency that gives the caller, once it is sure that they have the right on the ladder of the path.

    It raises Unauthenticated or Forbidden before anything is looked up, whether there is such a ladder or not.
    """

    async def admitted(request: Request) -> Caller:
        caller = answer_of(request.scope).caller
        ladder = request.path_params.get("ladder")
        caller.require(right, None if ladder is None else ladder.partition("@")[0])
        return caller

    setattr(admitted, NEEDS, right)
    return admitted


WriterDep = Annotated[Caller, Depends(needs("write"))]
ReviewerDep = Annotated[Caller, Depends(needs("review"))]
PublisherDep = Annotated[Caller, Depends(needs("publish"))]
AdminDep = Annotated[Caller, Depends(needs("admin"))]


def actor_of(request: Request) -> Actor:
    """The caller of a request, as the audit log names them."""
    caller = answer_of(request.scope).caller
    client = request.client
    return Actor(caller.name, caller.via, request.scope["ladder.request_id"], client.host if client else None)
