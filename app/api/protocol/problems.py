"""Problem details for all errors, and their entries in the OpenAPI document."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.api.protocol.draft_hint import where_to_write
from app.api.protocol.parameters import known_parameters
from app.api.reading.bodies import Body, Path
from app.api.reading.patterns import in_words
from app.errors import (
    MOST_FAULTS,
    Fault,
    Gone,
    Invalid,
    InvalidParameter,
    LadderError,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    Renamed,
    Unavailable,
)
from app.rubric.suggest import did_you_mean
from app.rubric.text import Target
from app.serving.answers.problems import MEDIA_TYPE, headers_of, problem
from app.serving.serving import serving_in


class ProblemFault(Body):
    """One error in the request."""

    detail: str
    """The fault, and how to fix it."""
    pointer: str | None = None
    """JSON Pointer (RFC 6901) into the request's body."""
    parameter: str | None = None
    """The wrong parameter."""


class ProblemSuccessor(Body):
    """An entity to read instead of a removed one."""

    target: Target
    """The entity, as `kind:slug`."""
    url: Path
    """Its URL, in the same release as the request."""


class Problem(Body):
    """Problem details (RFC 9457)."""

    type: str
    """The URL of a page of this server that explains this type of problem."""
    title: str
    """The kind of problem in a few words."""
    status: Annotated[int, Field(ge=300, le=599)]
    """The HTTP status."""
    detail: str
    """The fault in this request, its place, and how to fix it."""
    code: str
    """The stable name of the type of problem, for programs. More values may be added."""
    request_id: str
    """The id of this request, which the server's log also shows."""
    successors: tuple[ProblemSuccessor, ...] | None = None
    """The entities to read instead of a removed one, if its author named any."""
    errors: tuple[ProblemFault, ...] | None = None
    """Each fault, if there may be several."""


SHARED: Final = "x-shared"
"""The property under which a response holds its shared name while the document is built."""
COMMON: tuple[type[LadderError], ...] = (InvalidParameter, NotAcceptable, Unavailable)
"""The errors of any read."""
IN_RELEASE: tuple[type[LadderError], ...] = (NotFound, *COMMON)
"""The errors of a read of a release."""
OF_ENTITY: tuple[type[LadderError], ...] = (Renamed, Gone, *IN_RELEASE)
"""The errors of a read of one entity."""


def documented(errors: Sequence[type[LadderError]]) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI responses of errors, one for each status."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        error.status: {
            "description": f"{error.title} (`{error.code}`)",
            "content": {MEDIA_TYPE.decode(): {"schema": schema}},
            SHARED: error.code,
        }
        for error in sorted(errors, key=lambda error: error.status)
    }


def share(responses: dict[str, Any]) -> dict[str, Any]:
    """Replace responses that operations share by references, and return the shared responses by name."""
    shared: dict[str, Any] = {}
    for status, response in responses.items():
        name = response.pop(SHARED, None)
        if name is not None:
            shared[name] = response
            responses[status] = {"$ref": f"#/components/responses/{name}"}
    return shared


def handle_failures(app: FastAPI) -> None:
    """Render every error of the tree, of FastAPI and of Starlette as problem details."""
    app.add_exception_handler(LadderError, _ladder_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)


def _render(request: Request, error: LadderError) -> Response:
    base_url = serving_in(request.scope).settings.base_url
    body = problem(error, request.scope["ladder.request_id"], base_url)
    headers = headers_of(error)
    if isinstance(error, Renamed):
        headers["location"] = error.location
    if isinstance(error, MethodNotAllowed):
        allowed = serving_in(request.scope).routes.methods(request.scope["path"])
        headers["allow"] = ", ".join(sorted({*allowed, "OPTIONS"}))
    return Response(body, error.status, headers, MEDIA_TYPE.decode())


async def _ladder_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, LadderError)  # noqa: S101 - registered for this class only
    return _render(request, error)


async def _http_error(request: Request, error: Exception) -> Response:
    """Return the problem that the router found: an unknown path, or a wrong method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    if error.status_code == MethodNotAllowed.status:
        return _render(
            request,
            MethodNotAllowed(f"This resource does not support {request.method}. {where_to_write(request)}"),
        )
    if error.status_code == NotFound.status:
        return _render(
            request, NotFound("This path does not exist. See /v1 and /docs for the existing ones.")
        )
    if error.status_code == Invalid.status:
        return _render(request, Invalid(str(error.detail)))
    raise error


async def _validation_error(request: Request, error: Exception) -> Response:
    """Return the problem that pydantic found: places and messages, never the input."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    known = known_parameters(request)
    faults = [_fault(found, known) for found in error.errors()[:MOST_FAULTS]]
    return _render(request, InvalidParameter("A parameter is unknown or out of range.", faults=faults))


def _fault(found: dict[str, Any], known: Sequence[str]) -> Fault:
    name = ".".join(str(part) for part in found["loc"][1:])
    if found["type"] == "extra_forbidden":
        listed = f"Known: {', '.join(known)}." if known else "This resource takes no parameters."
        return Fault(
            f"This parameter is unknown.{did_you_mean(name, known, quoted=False)} {listed}",
            None,
            name[:80],
        )
    return Fault(in_words(found), None, name[:80])
