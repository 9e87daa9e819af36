"""Query parameters of pictures, and how their responses are documented."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.protocol.problems import documented
from app.errors import LadderError
from app.pictures.chart_values import Measure
from app.pictures.palette import Theme
from app.rubric.text import Slug

SVG: Final = "image/svg+xml"
PNG: Final = "image/png"
LONGEST: Final = 200
"""Most characters of a category in a picture's URL."""


class SvgQuery(BaseModel):
    """Query parameters of an SVG."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    theme: Annotated[
        Theme,
        Field(description="Colours: `light`, `dark`, or `auto`, which follows the reader's system."),
    ] = "auto"


class PngQuery(BaseModel):
    """Query parameters of a PNG."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    theme: Annotated[Literal["light", "dark"], Field(description="Colours: `light` or `dark`.")] = "light"
    scale: Annotated[
        Literal["1", "2", "3"],
        Field(description="Pixels per unit of the SVG. A very large picture is drawn at a smaller scale."),
    ] = "2"


class MeasureQuery(BaseModel):
    """Query parameter that chooses the measure."""

    measure: Annotated[
        Measure | None,
        Field(
            description="What to draw: `steps` of proficiency, their `points`, or `counts` of statements, where an "
            "expectation without statements counts as one. Default: `steps` if the ladder has any, else `counts`."
        ),
    ] = None


class RadarQuery(MeasureQuery):
    """Query parameters of a radar chart."""

    with_: Annotated[
        Slug | None, Field(alias="with", description="Slug of a second level to draw over the first.")
    ] = None


class HeatQuery(MeasureQuery):
    """Query parameters that choose a part of the matrix."""

    track: Annotated[Slug | None, Field(description="Only the levels of this track.")] = None
    category: Annotated[
        str | None,
        Field(min_length=1, max_length=LONGEST, description="Only the competencies of this category."),
    ] = None


class MapQuery(BaseModel):
    """Query parameter that chooses a part of a ladder's map."""

    track: Annotated[Slug | None, Field(description="Only this track.")] = None


class RadarSvgQuery(RadarQuery, SvgQuery):
    """Query parameters of a radar chart in SVG."""


class RadarPngQuery(RadarQuery, PngQuery):
    """Query parameters of a radar chart in PNG."""


class HeatSvgQuery(HeatQuery, SvgQuery):
    """Query parameters of a heat map in SVG."""


class HeatPngQuery(HeatQuery, PngQuery):
    """Query parameters of a heat map in PNG."""


class MapSvgQuery(MapQuery, SvgQuery):
    """Query parameters of a map in SVG."""


class MapPngQuery(MapQuery, PngQuery):
    """Query parameters of a map in PNG."""


def picture_responses(
    media_type: str, description: str, errors: tuple[type[LadderError], ...]
) -> dict[int | str, dict[str, Any]]:
    """Return the documented responses of a picture."""
    schema = {"type": "string"} if media_type == SVG else {"type": "string", "format": "binary"}
    shown = {"description": description, "content": {media_type: {"schema": schema}}}
    return {200: shown, **documented(errors)}
