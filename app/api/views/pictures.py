"""Pictures in SVG and PNG: a level's radar chart, the heat map of the matrix, the map of a ladder, its timeline."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Query, Request, Response

from app.api.ladders.releases import line_of
from app.api.protocol.problems import IN_RELEASE, OF_ENTITY
from app.api.protocol.routing import declare, resource_router
from app.api.reading.path_parameters import NoRelease
from app.api.reading.queries import wrong_value
from app.api.reading.reader import Reader, ReleaseDep, ServingDep
from app.api.views.picture_queries import (
    PNG,
    SVG,
    HeatPngQuery,
    HeatQuery,
    HeatSvgQuery,
    MapPngQuery,
    MapQuery,
    MapSvgQuery,
    PngQuery,
    RadarPngQuery,
    RadarQuery,
    RadarSvgQuery,
    SvgQuery,
    picture_responses,
)
from app.pictures.heat_map import MOST_COLUMNS, MOST_ROWS, draw_heat, slice_of
from app.pictures.ladder_map import MOST, draw_map, levels_of
from app.pictures.palette import Theme
from app.pictures.png import rasterise
from app.pictures.radar import draw_radar
from app.pictures.release_periods import history_of
from app.pictures.svg import POLICY
from app.pictures.timeline import draw_timeline
from app.rubric.ladder import Level
from app.rubric.suggest import did_you_mean
from app.rubric.text import folded
from app.serving.route_table import Link, RouteFacts
from app.serving.serving import Serving

router = resource_router("pictures")

_MAP_LINK: Final = Link(
    "map",
    "Its tracks and their levels by rank, as an SVG; left out if they are too many for a picture.",
    lambda index: len(index.levels) <= MOST,
)


@router.get(
    "/ladders/{ladder}/levels/{level}/radar.svg",
    response_class=Response,
    responses=picture_responses(SVG, "The radar as SVG.", OF_ENTITY),
)
@declare(RouteFacts(link=Link("radar", "How much it asks in each competency, as an SVG.")))
def draw_level_radar(release: ReleaseDep, level: str, query: Annotated[RadarSvgQuery, Query()]) -> Response:
    """Draw a radar chart of a level.

    The chart shows how much the level expects in each competency, inherited expectations included. `with` draws a
    second level over it. With fewer than three or more than 24 competencies, it is a bar chart.
    """
    return _svg(_radar(release, level, query, query.theme, "/radar.svg"))


@router.get(
    "/ladders/{ladder}/levels/{level}/radar.png",
    response_class=Response,
    responses=picture_responses(PNG, "The radar as PNG.", OF_ENTITY),
)
async def draw_level_radar_as_png(
    release: ReleaseDep, level: str, query: Annotated[RadarPngQuery, Query()]
) -> Response:
    """Draw a radar chart of a level, in PNG."""
    return await _png(
        release.serving, query, lambda: _radar(release, level, query, query.theme, "/radar.png")
    )


@router.get(
    "/ladders/{ladder}/matrix.svg",
    response_class=Response,
    responses=picture_responses(SVG, "The heat map as SVG.", IN_RELEASE),
)
def draw_matrix(release: ReleaseDep, query: Annotated[HeatSvgQuery, Query()]) -> Response:
    """Draw a heat map of the matrix.

    The more a cell expects, the stronger its shade. Up to 1,600 cells are drawn with numbers. The maximum is 300
    levels and 300 competencies.
    """
    return _svg(_heat(release, query, query.theme))


@router.get(
    "/ladders/{ladder}/matrix.png",
    response_class=Response,
    responses=picture_responses(PNG, "The heat map as PNG.", IN_RELEASE),
)
async def draw_matrix_as_png(release: ReleaseDep, query: Annotated[HeatPngQuery, Query()]) -> Response:
    """Draw a heat map of the matrix, in PNG."""
    return await _png(release.serving, query, lambda: _heat(release, query, query.theme))


@router.get(
    "/ladders/{ladder}/map.svg",
    response_class=Response,
    responses=picture_responses(SVG, "The map as SVG.", IN_RELEASE),
)
@declare(RouteFacts(link=_MAP_LINK))
def draw_ladder_map(release: ReleaseDep, query: Annotated[MapSvgQuery, Query()]) -> Response:
    """Draw a map of a ladder.

    The map has a column for each track, with its levels by rank, and shows where tracks fork. The maximum is 400
    levels.
    """
    return _svg(_map(release, query, query.theme))


@router.get(
    "/ladders/{ladder}/map.png",
    response_class=Response,
    responses=picture_responses(PNG, "The map as PNG.", IN_RELEASE),
)
async def draw_ladder_map_as_png(release: ReleaseDep, query: Annotated[MapPngQuery, Query()]) -> Response:
    """Draw a map of a ladder, in PNG."""
    return await _png(release.serving, query, lambda: _map(release, query, query.theme))


@router.get(
    "/ladders/{ladder}/releases/timeline.svg",
    response_class=Response,
    responses=picture_responses(SVG, "The timeline as SVG.", IN_RELEASE),
)
def draw_releases(request: Request, ladder: NoRelease, query: Annotated[SvgQuery, Query()]) -> Response:
    """Draw a timeline of releases.

    The timeline shows when each release was published and in force, and its status.
    """
    return _svg(_timeline(request, ladder, query.theme))


@router.get(
    "/ladders/{ladder}/releases/timeline.png",
    response_class=Response,
    responses=picture_responses(PNG, "The timeline as PNG.", IN_RELEASE),
)
async def draw_releases_as_png(
    request: Request, serving: ServingDep, ladder: NoRelease, query: Annotated[PngQuery, Query()]
) -> Response:
    """Draw a timeline of releases, in PNG."""
    return await _png(serving, query, lambda: _timeline(request, ladder, query.theme))


def _radar(release: Reader, level: str, query: RadarQuery, theme: Theme, view: str) -> str:
    shown = release.get("level", level, view).entity
    assert isinstance(shown, Level)  # noqa: S101 - that is its kind
    beside = release.slug("with", "level", query.with_)
    other = None if beside is None else release.index.levels[beside]
    return draw_radar(release.index, shown, other, query.measure, theme)


def _heat(release: Reader, query: HeatQuery, theme: Theme) -> str:
    index, track = release.index, release.slug("track", "track", query.track)
    categories = {one.category for one in index.competencies.values() if one.category is not None}
    if query.category is not None and folded(query.category) not in map(folded, categories):
        near = did_you_mean(query.category, sorted(categories))
        raise wrong_value("category", f"This release has no category {query.category!r}.{near}")
    shown = slice_of(index, track, query.category)
    if len(shown.levels) > MOST_COLUMNS:
        raise wrong_value(
            "track",
            f"A picture can show {MOST_COLUMNS} levels, not {len(shown.levels)}. Choose one track.",
        )
    if len(shown.competencies) > MOST_ROWS:
        many = len(shown.competencies)
        raise wrong_value(
            "category", f"A picture can show {MOST_ROWS} competencies, not {many}. Choose one category."
        )
    return draw_heat(index, shown, query.measure, theme)


def _map(release: Reader, query: MapQuery, theme: Theme) -> str:
    track = release.slug("track", "track", query.track)
    many = len(levels_of(release.index, track))
    if many > MOST:
        cure = "Choose one track." if track is None else "Read the list of levels instead."
        raise wrong_value("track", f"A picture can show {MOST} levels, not {many}. {cure}")
    return draw_map(release.index, track, theme)


def _timeline(request: Request, ladder: str, theme: Theme) -> str:
    answer, line = line_of(request, ladder)
    return draw_timeline(line[-1].title or ladder, history_of(line, answer.catalog.moment_of(ladder)), theme)


def _svg(drawn: str) -> Response:
    return Response(drawn, media_type=SVG, headers={"content-security-policy": POLICY})


async def _png(serving: Serving, query: PngQuery, draw: Callable[[], str]) -> Response:
    """Return the picture in PNG, drawn in a worker. Raises the errors of `draw`, and Unavailable."""
    scale = int(query.scale)
    return Response(await serving.drawing.run(lambda: rasterise(draw(), scale)), media_type=PNG)
