"""Releases in the database of the settings."""

from datetime import datetime
from typing import TYPE_CHECKING

from app.cli.environment import Environment
from app.rubric.ladder import Ladder
from app.rubric.releases import Release, Version, corrected_by

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.serving.releases.catalog import Catalog


def load_release(environment: Environment, reference: str) -> tuple[Release, Ladder, Version | None]:
    """Return a release, its content, and the release that it corrects.

    Raises NotFound, and the errors of `Environment.database`.
    """
    from app.serving.releases.catalog import Reference
    from app.store.engine import reading
    from app.store.loading import load_content

    with environment.database() as engine, reading(engine) as connection:
        catalog = catalog_of(connection, environment.clock())
        release = catalog.resolve(Reference.parse(reference)).release
        corrects = corrected_by(catalog.line(release.ladder), release)
        return release, load_content(connection, release), corrects


def catalog_of(connection: "Connection", now: datetime) -> "Catalog":
    """Return the catalog of all releases in the database at this time."""
    from app.serving.releases.catalog import Catalog
    from app.store.ladder_names import find_other_names
    from app.store.releases import find_releases

    return Catalog.of(0, find_releases(connection), now, renamed=find_other_names(connection))
