"""The history that `ladder validate --against` compares with: a database, a server, or an exported release."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from app.cli.file_findings import check_files
from app.cli.ladder_sources import fetch_source
from app.cli.remote import Remote, connected
from app.cli.remote_drafts import known_slug
from app.errors import InvalidLadder, NotFound, Unavailable
from app.rubric.index import Index
from app.rubric.ladder import Ladder
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

    from app.store.engine import open_engine, reading, sqlite_file
    from app.store.ladder_names import find_original, find_taken_names
    from app.store.maintenance.schema_check import require_current
    from app.store.releases import find_latest
    from app.store.slug_history import find_history

    engine = open_engine(url)
    try:
        file = sqlite_file(engine.url)
        if file is not None and not file.exists():
            raise Unavailable(f"There is no database at {file}.")
        require_current(engine)
        with reading(engine) as connection:
            original = find_original(connection, *index.ladder.names)
            base = find_latest(connection, original, datetime.now(UTC))
            taken = find_taken_names(connection, index.ladder, original)
            return find_history(connection, original, base, taken)
    finally:
        engine.dispose()


def _of_server(remote: Remote, index: Index) -> History:
    """Read every release of the ladder, in order of publication."""
    ladder, found = index.ladder, list[tuple[str, Version, Index, bool]]()
    slug = known_slug(remote, ladder)
    path: str | None = f"/v1/ladders/{slug}/releases?limit=500"
    while path is not None:
        try:
            page = remote.get(path).json
        except NotFound:
            return History()
        for item in page["items"]:
            number = Version.parse(item["version"])
            content = Index.of(fetch_source(remote, f"{item['ladder']}@{number}").ladder)
            found.append((item["published_at"], number, content, item["status"] != "withdrawn"))
        path = page["links"].get("next")
    found.sort(key=lambda one: one[:2])
    standing = ((number, content) for _, number, content, stands in found if stands)
    newest = max(standing, key=lambda one: one[0], default=None)
    history = History.of([content for _, _, content, _ in found], None if newest is None else newest[1])
    return replace(history, taken=frozenset(_taken(remote, ladder, slug)))


def _taken(remote: Remote, ladder: Ladder, slug: str) -> Iterator[str]:
    """Yield the slugs of a ladder that mean another ladder on the server, which knows this one by `slug`."""
    for name in dict.fromkeys(ladder.names):
        try:
            found = remote.get(f"/v1/ladders/{name}/releases?limit=1").json
        except NotFound:
            continue
        if found["ladder"] != slug:
            yield name
