"""The API docs, without any outside request: what shows them comes from a package and is served from here."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from app.api.reading.reader import ServingDep
from app.serving.answers.answer import answer_of
from app.web.layout.rendering import show

router = APIRouter(include_in_schema=False)

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'"
)
"""Swagger UI and ReDoc write styles of their own; scripts come from files alone."""


@router.get("/docs")
def show_docs(request: Request, serving: ServingDep) -> HTMLResponse:
    """Show the API to read and try."""
    answer_of(request.scope).fixed = True
    return show("docs.html", policy=_POLICY, root=serving.settings.root_path)


@router.get("/redoc")
def show_redoc(request: Request, serving: ServingDep) -> HTMLResponse:
    """Show the API to read."""
    answer_of(request.scope).fixed = True
    return show("redoc.html", policy=_POLICY, root=serving.settings.root_path)
