"""The settings of ladders, which are not content: visibility, reviews, and numbers below the minimum."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, delete, insert, select

from app.store.audit import Action, Actor, record
from app.store.ladder_names import original_slug
from app.store.revision import bump_revision
from app.store.tables.authoring import LadderSettingRow
from app.store.tables.mapping import table_of

_SETTING: Final = table_of(LadderSettingRow)
Visibility = Literal["public", "internal"]


@dataclass(frozen=True, slots=True)
class LadderSettings:
    """The settings of one ladder."""

    visibility: Visibility = "public"
    """The visibility. Callers without a right to an `internal` ladder get 404 for it."""
    require_review: bool | None = None
    """True if publishing requires an approval; None means the server's setting."""
    allow_lower_version: bool = True
    """True if a release may get a number below the minimum, with a reason."""

    def requires_review(self, default: bool) -> bool:  # noqa: FBT001 - the setting of the server
        """Return whether publishing needs an approval; `default` is the setting of the server."""
        return default if self.require_review is None else self.require_review


def find_settings(connection: Connection) -> dict[str, LadderSettings]:
    """Return the settings of all ladders that have any, by original slug."""
    rows = connection.execute(select(_SETTING).order_by(_SETTING.c.ladder))
    return {row.ladder: _settings_in(row) for row in rows}


def get_settings(connection: Connection, ladder: str) -> LadderSettings:
    """Return the settings of one ladder, or the defaults."""
    row = connection.execute(select(_SETTING).where(_SETTING.c.ladder == original_slug(ladder))).one_or_none()
    return LadderSettings() if row is None else _settings_in(row)


def _settings_in(row: Row[Any]) -> LadderSettings:
    return LadderSettings(row.visibility, row.require_review, row.allow_lower_version is not False)


def change_settings(
    connection: Connection, ladder: str, new: LadderSettings, actor: Actor, at: datetime
) -> LadderSettings:
    """Change a ladder's settings in the caller's write transaction, and return the previous ones.

    This takes a revision, by which every process learns of the change. If nothing changes, nothing is written.
    """
    old = get_settings(connection, ladder)
    if new == old:
        return old
    bump_revision(connection, ladder)
    connection.execute(delete(_SETTING).where(_SETTING.c.ladder == original_slug(ladder)))
    connection.execute(insert(_SETTING).values(ladder=original_slug(ladder), **asdict(new)))
    detail = {"before": asdict(old), "after": asdict(new)}
    record(connection, actor, Action("settings.change", ladder, detail=detail), at)
    return old
