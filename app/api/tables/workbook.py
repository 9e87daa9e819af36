"""The workbook: a whole release as sheets that people can edit and import again."""

from typing import Any, Final

from fastapi import Response

from app.api.protocol.problems import IN_RELEASE, documented
from app.api.protocol.routing import declare, resource_router
from app.api.reading.reader import ReleaseDep
from app.api.tables.downloads import attached
from app.errors import Conflict
from app.formats.sheets.workbook.writer import MEDIA_TYPE, Origin, write_workbook
from app.serving.releases.loaded_releases import LoadedRelease
from app.serving.route_table import Link, RouteFacts

router = resource_router("tables")

_BYTES: Final[dict[str, Any]] = {"schema": {"type": "string", "format": "binary"}}
_IN_XLSX: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The workbook (Office Open XML).", "content": {MEDIA_TYPE: _BYTES}}
}


@router.get(
    "/ladders/{ladder}/workbook.xlsx",
    responses=_IN_XLSX | documented((*IN_RELEASE, Conflict)),
    response_class=Response,
)
@declare(RouteFacts(link=Link("workbook", "The whole ladder as a workbook.")))
def read_workbook(release: ReleaseDep) -> Response:
    """Read the whole ladder as a workbook.

    The workbook has a sheet for each kind of content, and one matrix per track to read and print. You can edit it and
    import it again. The same release always gives the same bytes.
    """
    loaded = release.loaded
    published = loaded.release.published_at if isinstance(loaded, LoadedRelease) else None
    body = write_workbook(release.index, Origin(loaded.label, release.urls.pinned, published))
    return attached(release, body, MEDIA_TYPE, "workbook.xlsx")
