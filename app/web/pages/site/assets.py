"""The files that pages load: styles, scripts, pictures. Only the listed files can be requested."""

from pathlib import Path
from typing import Final

from starlette.responses import PlainTextResponse, Response

from app.api.protocol.routing import declare
from app.api.reading.reader import ServingDep
from app.errors import NotFound
from app.pictures.svg import POLICY as IMAGE_POLICY
from app.serving.route_table import RouteFacts
from app.web.navigation.page_router import plain_router

router = plain_router()

_HERE: Final = Path(__file__).parents[2] / "static"
_ASSETS: Final = {
    "page.css": (_HERE / "page.css", "text/css"),
    "views.css": (_HERE / "views.css", "text/css"),
    "forms.css": (_HERE / "forms.css", "text/css"),
    "whole.css": (_HERE / "whole.css", "text/css"),
    "page.js": (_HERE / "page.js", "text/javascript"),
    "favicon.svg": (_HERE / "favicon.svg", "image/svg+xml"),
}


@router.get("/robots.txt")
@declare(RouteFacts(fixed=True))
def send_robots(serving: ServingDep) -> PlainTextResponse:
    """Send the rules for crawlers: they may read the pages, but not the API."""
    root = serving.settings.root_path
    return PlainTextResponse(f"User-agent: *\nDisallow: {root}/v1/\nDisallow: {root}/sign-in\n")


@router.get("/assets/{name}")
@declare(RouteFacts(fixed=True, by_url=True))
def send_asset(name: str) -> Response:
    """Send a file whole. It gets the same entity tag and codings as any other response."""
    if name not in _ASSETS:
        raise NotFound("There is no such file.")
    path, media_type = _ASSETS[name]
    headers = {"content-security-policy": IMAGE_POLICY} if media_type == "image/svg+xml" else None
    return Response(path.read_bytes(), media_type=media_type, headers=headers)
