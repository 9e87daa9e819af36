"""Files for HR systems, each as a profile describes it."""

from typing import Annotated, Any, Final

from fastapi import Path, Query, Request, Response
from pydantic import Field

from app.api.protocol.problems import COMMON, IN_RELEASE, documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading.bodies import Body, construct
from app.api.reading.queries import Flag
from app.api.reading.reader import ReleaseDep
from app.api.tables.downloads import attached
from app.api.tables.queries import CellFilter, chosen_of
from app.errors import Invalid
from app.formats.sheets.profiles.export import Choice, export
from app.formats.sheets.profiles.profile import get_profile, profiles
from app.formats.sheets.table_parts import Parts
from app.serving.answers.answer import answer_of
from app.serving.answers.extensions import CSV
from app.serving.route_table import RouteFacts

router = resource_router("tables")

_DAT: Final = "text/plain; charset=utf-8"
_TEXT: Final[dict[str, Any]] = {"schema": {"type": "string"}}
_IN_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file: CSV, or the text format of the system.", "content": {"text/*": _TEXT}}
}


class ExportProfile(Body):
    """A file for another system that every ladder can be exported as."""

    name: str
    """The name for URLs, such as `15five-paths`."""
    title: str
    """The system and the kind of file."""
    description: str
    """The content of the file."""
    upload: str
    """The place to upload the file. None of these files was tried in the vendor's product."""
    column_names: tuple[str, ...]
    """The headers of the fixed columns, in order."""
    needs_track: bool
    """`true` if a file holds one track, so that `track` is required."""


class ExportProfileList(Body):
    """All export profiles."""

    items: tuple[ExportProfile, ...]


Profile = Annotated[
    str,
    Path(description="Name of the export profile, such as `15five-paths`. `/v1/export-profiles` lists all."),
]


class ExportQuery(CellFilter):
    """Query parameters of a file for another system."""

    shorten: Annotated[
        Flag,
        Field(description="`true`: cut values that are too long at a word. `false`: they are an error."),
    ] = False
    guard: Annotated[
        Flag,
        Field(
            description="`true`: put an apostrophe in front of a value that Excel would execute. `false`: it is an "
            "error."
        ),
    ] = False


@router.get("/export-profiles", responses=documented(COMMON))
@declare(RouteFacts(fixed=True))
def list_export_profiles(request: Request) -> ExportProfileList:
    """List export profiles.

    Returns the files for other systems that every ladder can be exported as.
    """
    answer_of(request.scope).fixed = True
    items = tuple(
        construct(
            ExportProfile,
            {
                "name": name,
                "title": profile.title,
                "description": profile.description,
                "upload": profile.upload,
                "column_names": tuple(column.header for column in profile.columns),
                "needs_track": profile.needs_track,
            },
        )
        for name, profile in profiles().items()
    )
    return construct(ExportProfileList, {"items": items})


@router.get(
    "/ladders/{ladder}/exports/{profile}",
    responses=_IN_FILE | documented((*IN_RELEASE, Invalid)),
    response_class=Response,
)
@declare(RouteFacts(by_url=True))
def read_export(release: ReleaseDep, profile: Profile, query: Annotated[ExportQuery, Query()]) -> Response:
    """Read a file for another system.

    The file has exactly the columns that the system imports. A value that is missing or too long is an error that
    lists the rows. If `shorten` cut values, the header `X-Shortened` says how many.
    """
    found = get_profile(profile)
    parts = Parts(release.index, release.loaded.label, release.urls.of)
    choice = Choice(chosen_of(release, query), query.shorten, query.guard)
    made = export(found, parts, choice)
    media_type = f"{CSV}; charset=utf-8; header=present" if found.extension == "csv" else _DAT
    response = attached(release, made.body, media_type, found.file or f"{profile}.{found.extension}")
    release.answer.links.append(("describedby", release.urls.about_release))
    if made.shortened:
        response.headers["x-shortened"] = str(len(made.shortened))
    return response
