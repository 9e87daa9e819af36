"""The history that `ladder validate --against` compares with: a database, a server, or an exported release."""

import re
from pathlib import Path
from typing import Final

from app.cli.file_findings import check_files
from app.cli.ladder_sources import fetch_source
from app.cli.remote import Remote, connected
from app.errors import InvalidLadder, NotFound, Unavailable
from app.rubric.index import Index
from app.rubric.releases import Version
from app.rubric.slug_history import History

_SERVER: Final = re.compile(r"(?P<server>https?://[^?#]+?)(/v1(/ladders(/[^/?#]+)?)?)?/?")
_DATABASE: Final = re.compile(r"(sqlite|postgresql)(\+\w+)?://.+")
_SQLITE_HEAD: Final = b"SQLite format 3\x00"


def history_in(source: str, index: Index) -> History:
    """Return what was published of a ladder before.

    Args:
        source: The URL of a server or of a database, the path of a SQLite file, or the path of an exported release.
        index: The ladder to check.

    Raises:
        NotFound: The source does not exist, or is none of these.
        InvalidLadder: The exported release cannot be read.
        LadderError: The server or database cannot be reached, or refuses.
    """
    if _DATABASE.fullmatch(source):
        return _of_database(source, index)
    server = _SERVER.fullmatch(source)
    if server is not None:
        with connected(server["server"]) as remote:
            return _of_server(remote, index)
    path = Path(source)
    if not path.exists():
        raise NotFound(
            f"{source!r} does not exist. Use the URL of a server or database, or the path of a SQLite file or of an "
            "exported release."
        )
    if path.is_file() and _is_sqlite(path):
        return _of_database(f"sqlite:///{path.absolute()}", index)
    bundle, _ = check_files(path)
    if bundle is None:
        raise InvalidLadder(f"{path} does not contain a readable ladder.")
    return History.of([Index.of(bundle.ladder)])


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE_HEAD)) == _SQLITE_HEAD


def _of_database(url: str, index: Index) -> History:
    from datetime import UTC, datetime

    from app.rubric.releases import latest
    from app.store.engine import open_engine, reading, sqlite_file
    from app.store.maintenance.schema_check import require_current
    from app.store.releases import find_releases
    from app.store.slug_history import find_history

    engine = open_engine(url)
    try:
        file = sqlite_file(engine.url)
        if file is not None and not file.exists():
            raise Unavailable(f"There is no database at {file}.")
        require_current(engine)
        with reading(engine) as connection:
            base = latest(find_releases(connection, index.ladder.slug), datetime.now(UTC))
            return find_history(connection, index, base)
    finally:
        engine.dispose()


def _of_server(remote: Remote, index: Index) -> History:
    """Read every release of the ladder, lowest number first."""
    slug, found = index.ladder.slug, list[tuple[Version, Index, bool]]()
    path: str | None = f"/v1/ladders/{slug}/releases?limit=500"
    while path is not None:
        try:
            page = remote.get(path).json
        except NotFound:
            return History()
        for item in page["items"]:
            number = Version.parse(item["version"])
            content = Index.of(fetch_source(remote, f"{slug}@{number}").ladder)
            found.append((number, content, item["status"] != "withdrawn"))
        path = page["links"].get("next")
    found.sort(key=lambda one: one[0])
    base = next((content for _, content, stands in reversed(found) if stands), None)
    return History.of([content for _, content, _ in found], base)
