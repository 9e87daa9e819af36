"""What pictures are asked for with, and how their answers are documented."""

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.protocol.problems import documented
from app.errors import LadderError
from app.pictures.measures import Measure
from app.pictures.palette import Theme
from app.rubric.text import Slug

SVG: Final = "image/svg+xml"
PNG: Final = "image/png"
LONGEST: Final = 200
"""Characters of a category that a picture is asked for by."""


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
        Field(min_length=1, max_length=LONGEST, description="Only the competencies of this category."),
    ] = None


class MapQuery(BaseModel):
    """Which part of a ladder's map is shown."""

    track: Annotated[Slug | None, Field(description="Only this track.")] = None


class RadarSvgQuery(RadarQuery, SvgQuery):
    """Parameters of a radar as SVG."""


class RadarPngQuery(RadarQuery, PngQuery):
    """Parameters of a radar as PNG."""


class HeatSvgQuery(HeatQuery, SvgQuery):
    """Parameters of a heat map as SVG."""


class HeatPngQuery(HeatQuery, PngQuery):
    """Parameters of a heat map as PNG."""


class MapSvgQuery(MapQuery, SvgQuery):
    """Parameters of a map as SVG."""


class MapPngQuery(MapQuery, PngQuery):
    """Parameters of a map as PNG."""


def pictured(
    media_type: str, told: str, errors: tuple[type[LadderError], ...]
) -> dict[int | str, dict[str, Any]]:
    """The documented answers of a picture."""
    schema = {"type": "string"} if media_type == SVG else {"type": "string", "format": "binary"}
    shown = {"description": told, "content": {media_type: {"schema": schema}}}
    return {200: shown, **documented(errors)}
