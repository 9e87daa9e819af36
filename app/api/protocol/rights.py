"""Rights: dependencies that require them. Every operation that is not a plain read declares one."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from app.api.reading.reader import serving_of
from app.errors import Forbidden
from app.serving.answers.answer import answer_of
from app.serving.callers import Caller
from app.store.access.rights import Right
from app.store.audit import Actor

NEEDS: Final = "__needs__"
"""The attribute of a dependency that holds the rights of which it requires one."""


def needs(right: Right, *others: Right) -> Callable[[Request], Awaitable[Caller]]:
    """Return a dependency that returns the caller if they have a right on the ladder of the path.

    Any one of several rights is enough. A refusal names the first, or the one that the caller has for other ladders.

    It raises Unauthenticated or Forbidden before it looks anything up, so existing and missing ladders look the same.
    """
    wanted = (right, *others)

    async def admitted(request: Request) -> Caller:
        caller = _possible(request)
        ladder = request.path_params.get("ladder")
        slug = None if ladder is None else ladder.partition("@")[0]
        if not any(caller.may(one, slug) for one in wanted):
            caller.require(next((one for one in wanted if caller.may(one)), right), slug)
        return caller

    setattr(admitted, NEEDS, wanted)
    return admitted


WriterDep = Annotated[Caller, Depends(needs("write"))]
AuthorDep = Annotated[Caller, Depends(needs("write", "review"))]
ReviewerDep = Annotated[Caller, Depends(needs("review"))]
PublisherDep = Annotated[Caller, Depends(needs("publish"))]
AdminDep = Annotated[Caller, Depends(needs("admin"))]
DraftReaderDep = Annotated[Caller, Depends(needs("review", "write", "publish"))]


def require_for_names(request: Request, right: Right, known: Iterable[str], new: Iterable[str]) -> None:
    """Raise Forbidden if a right for single ladders does not cover the slugs that a ladder gets.

    `new` are the slug and former slugs that it gets, `known` those that it has already. The refusal is the same
    whether or not another ladder has them.
    """
    covered = answer_of(request.scope).caller.where(right)
    if covered is None or covered.issuperset(set(new) - set(known)):
        return
    raise Forbidden(
        "Your key is for single ladders, and this slug or former slug is not one of them. "
        "Use a key for both slugs or for all ladders.",
        scope=right,
    )


def actor_of(request: Request) -> Actor:
    """Return the caller of a request as the audit log names them."""
    caller = answer_of(request.scope).caller
    client = request.client
    address = client.host if client else None
    return Actor(caller.name, caller.via, request.scope["ladder.request_id"], address, caller.people)


def rights_of(api: FastAPI) -> dict[str, tuple[Right, ...]]:
    """Return the rights of which each operation needs one, by name. Operations that need none are left out."""
    routes = (context.original_route for context in iter_route_contexts(api.routes))
    found = ((route.name, _asked(route.dependant)) for route in routes if isinstance(route, APIRoute))
    return {name: rights for name, rights in found if rights}


def _asked(dependant: Dependant) -> tuple[Right, ...]:
    rights: tuple[Right, ...] = getattr(dependant.call, NEEDS, ())
    below = (_asked(dependency) for dependency in dependant.dependencies)
    return rights or next((asked for asked in below if asked), ())


def _possible(request: Request) -> Caller:
    """Return the caller. Raises Forbidden with instructions if no credential can exist yet."""
    answer = answer_of(request.scope)
    if serving_of(request).issuer is None and answer.known is not None and not answer.known.has_valid_key:
        raise Forbidden(
            "No API key exists yet, so nobody can do this. Create one on the server: "
            "ladder keys create --owner NAME --scope admin"
        )
    return answer.caller
