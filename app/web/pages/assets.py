"""The files that pages load: styles, scripts, pictures. Only the listed files can be requested."""

from pathlib import Path
from typing import Final

import fastapi_offline
from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from app.api.reading.reader import ServingDep
from app.errors import NotFound
from app.pictures.svg import POLICY as IMAGE_POLICY
from app.serving.answers.answer import answer_of

router = APIRouter(include_in_schema=False)

_HERE: Final = Path(__file__).parents[1] / "static"
_BUNDLED: Final = Path(fastapi_offline.__file__).parent / "static"
_REDOC_LOGO: Final = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
_ASSETS: Final = {
    "page.css": (_HERE / "page.css", "text/css"),
    "views.css": (_HERE / "views.css", "text/css"),
    "whole.css": (_HERE / "whole.css", "text/css"),
    "page.js": (_HERE / "page.js", "text/javascript"),
    "docs.css": (_HERE / "docs.css", "text/css"),
    "docs.js": (_HERE / "docs.js", "text/javascript"),
    "redoc.js": (_HERE / "redoc.js", "text/javascript"),
    "favicon.svg": (_HERE / "favicon.svg", "image/svg+xml"),
    "swagger-ui.css": (_BUNDLED / "swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": (_BUNDLED / "swagger-ui-bundle.js", "text/javascript"),
    "redoc.standalone.js": (_BUNDLED / "redoc.standalone.js", "text/javascript"),
}


@router.get("/robots.txt")
def send_robots(request: Request, serving: ServingDep) -> PlainTextResponse:
    """Send the rules for crawlers: they may read the pages, but not the API."""
    answer_of(request.scope).fixed = True
    root = serving.settings.root_path
    return PlainTextResponse(f"User-agent: *\nDisallow: {root}/v1/\nDisallow: {root}/sign-in\n")


@router.get("/assets/{name}")
def send_asset(request: Request, serving: ServingDep, name: str) -> Response:
    """Send a file whole: entity tag and codings are those of every other answer."""
    if name not in _ASSETS:
        raise NotFound("There is no such file.")
    answer_of(request.scope).fixed = True
    path, media_type = _ASSETS[name]
    headers = {"content-security-policy": IMAGE_POLICY} if media_type == "image/svg+xml" else None
    content = path.read_bytes()
    if name == "redoc.standalone.js":  # its one picture from elsewhere, which the policy would block anyway
        content = content.replace(_REDOC_LOGO, f"{serving.settings.root_path}/assets/favicon.svg".encode())
    return Response(content, media_type=media_type, headers=headers)
