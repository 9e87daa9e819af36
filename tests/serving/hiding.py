"""Helpers that make ladders internal or public again, as their administrators do."""

from typing import Literal

from sqlalchemy import Engine, delete, insert

from app.store.engine import writing
from app.store.revision import take_revision
from app.store.tables.authoring import LadderSettingRow
from app.store.tables.mapping import table_of

_SETTING = table_of(LadderSettingRow)


def hide(engine: Engine, *slugs: str) -> None:
    """Make ladders internal; no process knows before it looks at the revision."""
    _set(engine, slugs, "internal")


def show(engine: Engine, *slugs: str) -> None:
    """Make ladders public."""
    _set(engine, slugs, "public")


def _set(engine: Engine, slugs: tuple[str, ...], visibility: Literal["internal", "public"]) -> None:
    with writing(engine) as connection:
        take_revision(connection)
        connection.execute(delete(_SETTING).where(_SETTING.c.ladder.in_(slugs)))
        connection.execute(insert(_SETTING), [{"ladder": slug, "visibility": visibility} for slug in slugs])
