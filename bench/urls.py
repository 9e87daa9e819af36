"""Every URL of the ladders in a database, for mixes and first reads."""

from collections.abc import Iterator
from datetime import UTC, datetime

from app.rubric.index import Index
from app.rubric.related import KIND_OF
from app.rubric.releases import Release, in_force
from app.store.engine import open_engine, reading
from app.store.loading import load_content
from app.store.releases import find_ladders, find_releases


def all_urls(database_url: str) -> tuple[str, ...]:
    """Return the unpinned and the pinned URLs of every ladder's release in force: itself, its lists, its entities."""
    engine = open_engine(database_url)
    urls = ["/v1/ladders"]
    with reading(engine) as connection:
        for slug in find_ladders(connection):
            release = in_force(find_releases(connection, slug), datetime.now(UTC))
            if release is not None:
                urls += _urls(release, Index.of(load_content(connection, release)))
    engine.dispose()
    return tuple(urls)


def _urls(release: Release, index: Index) -> Iterator[str]:
    about = f"/v1/ladders/{release.ladder}/releases"
    yield from (about, f"{about}/{release.version}", f"{about}/{release.version}/content")
    for reference in (release.ladder, f"{release.ladder}@{release.version}"):
        home = f"/v1/ladders/{reference}"
        yield from (home, f"{home}/document")
        for collection, kind in KIND_OF.items():
            yield f"{home}/{collection}"
            for node in index.of_kind(kind):
                yield f"{home}/{collection}/{node.address}"
