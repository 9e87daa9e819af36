"""How ladders are treated: who sees them, and whether a review must come before a publish. Not content."""

from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, select

from app.store.mapping import table_of
from app.store.tables.authoring import LadderSettingRow

_SETTING: Final = table_of(LadderSettingRow)
Visibility = Literal["public", "internal"]


@dataclass(frozen=True, slots=True)
class LadderSettings:
    """The settings of one ladder."""

    visibility: Visibility = "public"
    """An `internal` ladder is not there for those who have no right to it."""
    require_review: bool | None = None
    """Whether an approval must come before a publish; None: as the service is set."""


def find_settings(connection: Connection) -> dict[str, LadderSettings]:
    """The settings of all ladders that have any, by slug."""
    rows = connection.execute(select(_SETTING).order_by(_SETTING.c.ladder))
    return {row.ladder: LadderSettings(row.visibility, row.require_review) for row in rows}
