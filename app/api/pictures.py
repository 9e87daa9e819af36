"""Pictures: the radar of a level and the matrix as a heat map, each as SVG and as PNG."""

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.failures import IN_RELEASE, OF_ENTITY, documented
from app.api.queries import wrong_value
from app.api.reading import Reader, ReleaseDep
from app.api.routing import resource_router
from app.errors import LadderError
from app.pictures.heat import MOST_COLUMNS, MOST_ROWS, draw_heat, slice_of
from app.pictures.measures import Measure
from app.pictures.palette import Theme
from app.pictures.png import rasterise
from app.pictures.radar import draw_radar
from app.pictures.svg import POLICY
from app.rubric.ladder import Level
from app.rubric.text import Slug
from app.serving.resolve import did_you_mean

router = resource_router("pictures")

_SVG: Final = "image/svg+xml"
_PNG: Final = "image/png"
_LONGEST: Final = 200


class SvgQuery(BaseModel):
    """How an SVG is to look."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    theme: Annotated[
        Theme,
        Field(description="Colours: `light`, `dark`, or `auto`, which follows the system of whoever looks."),
    ] = "auto"


class PngQuery(BaseModel):
    """How a PNG is to look."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    theme: Annotated[Literal["light", "dark"], Field(description="Colours: `light` or `dark`.")] = "light"
    scale: Annotated[
        Literal["1", "2", "3"],
        Field(description="Pixels for each unit of the SVG; a picture too large for it is drawn smaller."),
    ] = "2"


class MeasureQuery(BaseModel):
    """What is measured."""

    measure: Annotated[
        Measure | None,
        Field(
            description="What is drawn: `steps` of proficiency, their `points`, or `counts` of what is asked for "
            "(statements, or parts without any). Default: steps where the ladder names any, else counts."
        ),
    ] = None


class RadarQuery(MeasureQuery):
    """What a radar shows."""

    with_: Annotated[
        Slug | None, Field(alias="with", description="Slug of a second level, which is laid over the first.")
    ] = None


class HeatQuery(MeasureQuery):
    """Which part of the matrix is shown."""

    track: Annotated[Slug | None, Field(description="Only the levels of this track.")] = None
    category: Annotated[
        str | None,
        Field(min_length=1, max_length=_LONGEST, description="Only the competencies of this category."),
    ] = None


class RadarSvgQuery(RadarQuery, SvgQuery):
    """Parameters of a radar as SVG."""


class RadarPngQuery(RadarQuery, PngQuery):
    """Parameters of a radar as PNG."""


class HeatSvgQuery(HeatQuery, SvgQuery):
    """Parameters of a heat map as SVG."""


class HeatPngQuery(HeatQuery, PngQuery):
    """Parameters of a heat map as PNG."""


def _pictured(
    media_type: str, told: str, errors: tuple[type[LadderError], ...]
) -> dict[int | str, dict[str, Any]]:
    """The documented answers of a picture."""
    schema = {"type": "string"} if media_type == _SVG else {"type": "string", "format": "binary"}
    shown = {"description": told, "content": {media_type: {"schema": schema}}}
    return {200: shown, **documented(errors)}


@router.get(
    "/ladders/{ladder}/levels/{level}/radar.svg",
    response_class=Response,
    responses=_pictured(_SVG, "The radar as SVG.", OF_ENTITY),
)
def draw_level_radar(release: ReleaseDep, level: str, query: Annotated[RadarSvgQuery, Query()]) -> Response:
    """Draw how much a level asks in each competency, perhaps with a second level laid over it.

    What is in force counts, inherited or not. Fewer than three competencies, or more than 24, are drawn as bars.
    """
    return _svg(_radar(release, level, query, query.theme, "/radar.svg"))


@router.get(
    "/ladders/{ladder}/levels/{level}/radar.png",
    response_class=Response,
    responses=_pictured(_PNG, "The radar as PNG.", OF_ENTITY),
)
async def draw_level_radar_as_png(
    release: ReleaseDep, level: str, query: Annotated[RadarPngQuery, Query()]
) -> Response:
    """Draw the radar of a level as PNG."""
    return await _png(release, query, lambda: _radar(release, level, query, query.theme, "/radar.png"))


@router.get(
    "/ladders/{ladder}/matrix.svg",
    response_class=Response,
    responses=_pictured(_SVG, "The heat map as SVG.", IN_RELEASE),
)
def draw_matrix(release: ReleaseDep, query: Annotated[HeatSvgQuery, Query()]) -> Response:
    """Draw the matrix of levels and competencies as a heat map: the more a cell asks, the stronger its shade.

    Up to 1,600 cells have numbers, larger matrices are squares alone; more than 300 levels or competencies are
    refused.
    """
    return _svg(_heat(release, query, query.theme))


@router.get(
    "/ladders/{ladder}/matrix.png",
    response_class=Response,
    responses=_pictured(_PNG, "The heat map as PNG.", IN_RELEASE),
)
async def draw_matrix_as_png(release: ReleaseDep, query: Annotated[HeatPngQuery, Query()]) -> Response:
    """Draw the matrix of levels and competencies as PNG."""
    return await _png(release, query, lambda: _heat(release, query, query.theme))


def _radar(release: Reader, level: str, query: RadarQuery, theme: Theme, view: str) -> str:
    shown = release.get("level", level, view).entity
    assert isinstance(shown, Level)  # noqa: S101 - that is its kind
    beside = release.slug("with", "level", query.with_)
    other = None if beside is None else release.index.levels[beside]
    return draw_radar(release.index, shown, other, query.measure, theme)


def _heat(release: Reader, query: HeatQuery, theme: Theme) -> str:
    index, track = release.index, release.slug("track", "track", query.track)
    categories = {one.category for one in index.competencies.values() if one.category is not None}
    if query.category is not None and query.category not in categories:
        near = did_you_mean(query.category, sorted(categories))
        raise wrong_value("category", f"This release has no category {query.category!r}.{near}")
    shown = slice_of(index, track, query.category)
    if len(shown.levels) > MOST_COLUMNS:
        raise wrong_value(
            "track",
            f"A picture has room for {MOST_COLUMNS} levels, not {len(shown.levels)}: ask for one track.",
        )
    if len(shown.competencies) > MOST_ROWS:
        many = len(shown.competencies)
        raise wrong_value(
            "category", f"A picture has room for {MOST_ROWS} competencies, not {many}: ask for one category."
        )
    return draw_heat(index, shown, query.measure, theme)


def _svg(drawn: str) -> Response:
    return Response(drawn, media_type=_SVG, headers={"content-security-policy": POLICY})


async def _png(release: Reader, query: PngQuery, draw: Callable[[], str]) -> Response:
    """The picture as PNG, drawn where it holds up nobody. Raises as `draw` does, and Unavailable."""
    scale = int(query.scale)
    return Response(await release.serving.drawing.run(lambda: rasterise(draw(), scale)), media_type=_PNG)
