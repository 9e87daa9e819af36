"""The pages of the API reference: all operations by topic, and a page for each operation."""

from typing import cast

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse

from app.api.protocol.routing import declare
from app.api.reading.reader import ServingDep
from app.errors import NotFound
from app.rubric.suggest import did_you_mean
from app.serving.route_table import RouteFacts
from app.serving.serving import Serving
from app.web.layout.frame import Frame
from app.web.layout.rendering import show
from app.web.navigation.page_router import plain_router
from app.web.reference.operations import Reference

router = plain_router()


@router.get("/docs")
@declare(RouteFacts(fixed=True))
def show_docs(request: Request, serving: ServingDep) -> HTMLResponse:
    """Show all operations of the API by topic."""
    root = serving.settings.root_path
    frame = Frame(root, "API reference · Career Ladder", "Every operation of the API, with examples.")
    return show("docs.html", frame=frame, reference=_reference(request, serving))


@router.get("/docs/{operation}")
@declare(RouteFacts(fixed=True))
def show_operation(request: Request, serving: ServingDep, operation: str) -> HTMLResponse:
    """Show one operation: its parameters, bodies, errors and an example."""
    reference = _reference(request, serving)
    page = reference.find(operation)
    if page is None:
        raise _unknown(reference, operation)
    frame = Frame(serving.settings.root_path, f"{page.operation.title} · Career Ladder API", page.description)
    return show("operation.html", frame=frame, page=page)


@router.get("/docs/{operation}/try")
def try_operation(request: Request, serving: ServingDep, operation: str) -> RedirectResponse:
    """Redirect from the form of a read to the URL of the API that it describes."""
    reference = _reference(request, serving)
    url = reference.example_url(operation, request.query_params)
    if url is None:
        raise _unknown(reference, operation)
    return RedirectResponse(url)


@router.get("/redoc")
def find_docs(serving: ServingDep) -> RedirectResponse:
    """Redirect from the earlier reference page to the API reference."""
    return RedirectResponse(f"{serving.settings.root_path}/docs", 308)


def _reference(request: Request, serving: Serving) -> Reference:
    """Return the reference of this application, made at the first request."""
    state = request.app.state
    if not hasattr(state, "reference"):
        state.reference = Reference(request.app.state.document(), serving.settings.root_path)
    return cast("Reference", state.reference)


def _unknown(reference: Reference, name: str) -> NotFound:
    return NotFound(
        f"The API has no operation {name[:80]!r}.{did_you_mean(name, reference.names())} All are at /docs."
    )
