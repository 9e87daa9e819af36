"""The pictures of the API at URLs of pages, for signed-in visitors, because the API ignores their session.

Pages for everybody link to the pictures of the API, which are cached.
"""

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from app.api.views.pictures import draw_ladder_map, draw_level_radar, draw_matrix, draw_releases
from app.web.navigation.page_router import page_router

router = page_router()

_PICTURES: Final[dict[str, Callable[..., Any]]] = {
    "/ladders/{ladder}/levels/{level}/radar.svg": draw_level_radar,
    "/ladders/{ladder}/matrix.svg": draw_matrix,
    "/ladders/{ladder}/map.svg": draw_ladder_map,
    "/ladders/{ladder}/releases/timeline.svg": draw_releases,
}

for _path, _draw in _PICTURES.items():
    router.add_api_route(_path, _draw, response_class=Response)
