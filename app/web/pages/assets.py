"""The files that pages load: styles, scripts, pictures. Only the listed files can be requested."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from app.api.reading.reader import ServingDep
from app.errors import NotFound
from app.pictures.svg import POLICY as IMAGE_POLICY
from app.serving.answers.answer import answer_of

router = APIRouter(include_in_schema=False)

_HERE: Final = Path(__file__).parents[1] / "static"
_ASSETS: Final = {
    "page.css": (_HERE / "page.css", "text/css"),
    "views.css": (_HERE / "views.css", "text/css"),
    "whole.css": (_HERE / "whole.css", "text/css"),
    "page.js": (_HERE / "page.js", "text/javascript"),
    "favicon.svg": (_HERE / "favicon.svg", "image/svg+xml"),
}


@router.get("/robots.txt")
def send_robots(request: Request, serving: ServingDep) -> PlainTextResponse:
    """Send the rules for crawlers: they may read the pages, but not the API."""
    answer_of(request.scope).fixed = True
    root = serving.settings.root_path
    return PlainTextResponse(f"User-agent: *\nDisallow: {root}/v1/\nDisallow: {root}/sign-in\n")


@router.get("/assets/{name}")
def send_asset(request: Request, name: str) -> Response:
    """Send a file whole. It gets the same entity tag and codings as any other response."""
    if name not in _ASSETS:
        raise NotFound("There is no such file.")
    answer_of(request.scope).fixed = True
    path, media_type = _ASSETS[name]
    headers = {"content-security-policy": IMAGE_POLICY} if media_type == "image/svg+xml" else None
    return Response(path.read_bytes(), media_type=media_type, headers=headers)
