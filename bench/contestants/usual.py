"""The usual way: a FastAPI route, SQLModel queries, a session dependency and a response model.

It reads one level with its examples from our own database, as an application without our layers would.
"""

import os
from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import Depends, FastAPI, HTTPException
from sqlmodel import Session, SQLModel, col, create_engine, select

from app.store.tables.content import EntityRow, ExampleRow, LevelRow
from app.store.tables.identity import LadderRow, ReleaseRow

VARIABLE: Final = "BENCH_DATABASE_URL"
"""Names the database."""


class ExampleBody(SQLModel):
    """An example, as it is answered."""

    title: str | None
    text: str


class LevelBody(SQLModel):
    """A level with its examples, as it is answered."""

    ladder: str
    release: str
    slug: str
    code: str | None
    rank: float | None
    title: str
    summary: str | None
    scope: str | None
    examples: list[ExampleBody]


def create_app() -> FastAPI:
    """One route, with an engine of its own."""
    engine = create_engine(os.environ[VARIABLE])
    api = FastAPI()

    def session() -> Iterator[Session]:
        with Session(engine) as opened:
            yield opened

    @api.get("/v1/ladders/{ladder}/levels/{slug}")
    def read_level(ladder: str, slug: str, session: Annotated[Session, Depends(session)]) -> LevelBody:
        return find_level(session, ladder, slug)

    return api


def find_level(session: Session, ladder: str, slug: str) -> LevelBody:
    """The level of the newest release. Raises HTTPException (404) where there is none."""
    newest = (col(ReleaseRow.major).desc(), col(ReleaseRow.minor).desc(), col(ReleaseRow.patch).desc())
    release = session.exec(
        select(ReleaseRow)
        .join(LadderRow, col(LadderRow.id) == ReleaseRow.ladder_id)
        .where(LadderRow.slug == ladder, ReleaseRow.sealed)
        .order_by(*newest)
    ).first()
    if release is None:
        raise HTTPException(404)
    level = session.exec(
        select(LevelRow)
        .join(
            EntityRow, (col(EntityRow.release_id) == LevelRow.release_id) & (col(EntityRow.id) == LevelRow.id)
        )
        .where(LevelRow.release_id == release.id, EntityRow.kind == "level", EntityRow.address == slug)
    ).first()
    if level is None:
        raise HTTPException(404)
    examples = session.exec(
        select(ExampleRow)
        .where(ExampleRow.release_id == release.id, ExampleRow.owner_id == level.id)
        .order_by(col(ExampleRow.position))
    ).all()
    return LevelBody(
        **level.model_dump(),
        ladder=ladder,
        release=f"{release.major}.{release.minor}.{release.patch}",
        slug=slug,
        examples=[ExampleBody.model_validate(example, from_attributes=True) for example in examples],
    )
