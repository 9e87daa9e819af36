"""Writing a release into its tables: unsealed, then all its rows, then sealed, within one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from app.errors import Internal
from app.rubric.canonical import canonical, content_sha256
from app.rubric.entities import walk
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.releases import Release, Version
from app.store.loading import load_rows
from app.store.rows import root_columns, rows_of
from app.store.search.index import index_release
from app.store.slug_history import register
from app.store.tables.identity import LadderRow, ReleaseRow
from app.store.tables.mapping import table_of

_LADDER: Final = table_of(LadderRow)
_RELEASE: Final = table_of(ReleaseRow)


@dataclass(frozen=True, slots=True)
class NewRelease:
    """A release to publish. All times are UTC and aware."""

    index: Index
    """The index of its content, built once by the code that creates this value."""
    version: Version
    notes: str | None
    published_at: datetime
    effective_from: datetime
    content_sha256: str
    """The hash of its canonical JSON, computed once."""
    minimum: Version | None = None
    """The minimum number that the changes set, if this one is lower."""
    because: str | None = None
    """The reason for a number below the minimum."""
    corrects: Version | None = None
    """The release in force that it corrects; None if it is no correction."""
    original: str | None = None
    """The original slug of the ladder; None if the content has to tell which ladder it is."""
    base_index: Index | None = None
    """The index of the release that it builds on, if it is loaded already."""

    @classmethod
    def of(
        cls,
        ladder: Ladder,
        version: Version,
        published_at: datetime,
        *,
        notes: str | None = None,
        effective_from: datetime | None = None,
        digest: str | None = None,
        original: str | None = None,
    ) -> "NewRelease":
        """Build a release of that content, in force from `effective_from` or else from `published_at`.

        `digest` is the content hash, and `original` the original slug of the ladder, if they are known already.
        """
        digest = digest or content_sha256(canonical(ladder))
        begins = effective_from or published_at
        return cls(Index.of(ladder), version, notes, published_at, begins, digest, original=original)

    @property
    def ladder(self) -> Ladder:
        """Return its content."""
        return self.index.ladder

    @property
    def name(self) -> str:
        """Return its name for messages: `slug@1.2.0`."""
        return f"{self.ladder.slug}@{self.version}"

    def unlike(self) -> Internal:
        """Return the error for content that does not match its hash or its rows."""
        return Internal(f"{self.name} could not be read back as it was written. Nothing was published.")


def known_ladder(connection: Connection, original: str) -> int | None:
    """Return the id of the ladder with this original slug; None if nothing of it was published yet."""
    chosen = select(_LADDER.c.id).where(_LADDER.c.slug == original)
    found: int | None = connection.execute(chosen).scalar_one_or_none()
    return found


def add_ladder(connection: Connection, ladder: Ladder, original: str, revision: int) -> int:
    """Insert the ladder's row at its first release, and return its id."""
    added = insert(_LADDER).values(slug=original, uuid=_uuid(ladder), revision=revision)
    return int(connection.execute(added.returning(_LADDER.c.id)).scalar_one())


def insert_release(connection: Connection, ladder_id: int, new: NewRelease, base: Release | None) -> Release:
    """Write all rows of a release that builds on `base`, and seal it.

    Raises:
        Conflict: A slug was used for another entity before.
        InvalidLadder: A reference leads nowhere, or two entities have the same slug.
        Internal: The rows do not give back the content, so they must not be sealed.
    """
    release_id = _insert_unsealed(connection, ladder_id, new, base)
    for table, rows in rows_of(new.index, release_id).items():
        connection.execute(insert(table), rows)
    register(connection, new.index, ladder_id, release_id)
    if load_rows(connection, release_id) != new.ladder:  # equal values have equal canonical JSON
        raise new.unlike()
    index_release(connection, release_id, new.index)
    connection.execute(update(_RELEASE).where(_RELEASE.c.id == release_id).values(sealed=True))
    return Release(
        id=release_id,
        ladder=new.ladder.slug,
        original=new.original or new.ladder.slug,
        version=new.version,
        notes=new.notes,
        published_at=new.published_at,
        effective_from=new.effective_from,
        content_sha256=new.content_sha256,
        minimum=new.minimum,
        because=new.because,
        base=None if base is None else base.version,
        title=new.ladder.title,
        summary=new.ladder.summary,
        language=new.ladder.language,
    )


def _insert_unsealed(connection: Connection, ladder_id: int, new: NewRelease, base: Release | None) -> int:
    row = {
        "ladder_id": ladder_id,
        "base_id": None if base is None else base.id,
        "major": new.version.major,
        "minor": new.version.minor,
        "patch": new.version.patch,
        "notes": new.notes,
        "published_at": new.published_at,
        "effective_from": new.effective_from,
        "content_sha256": new.content_sha256,
        "sealed": False,
        "minimum": None if new.minimum is None else str(new.minimum),
        "because": new.because,
        **root_columns(new.ladder),
    }
    added = insert(_RELEASE).values(row).returning(_RELEASE.c.id)
    return int(connection.execute(added).scalar_one())


def _uuid(ladder: Ladder) -> UUID | None:
    return next(walk(ladder)).uuid
