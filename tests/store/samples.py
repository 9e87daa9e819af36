"""Ladders and short ways to publish them, for tests of the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine

from app.rubric.ladder import (
    Attribute,
    Category,
    Competency,
    Expectation,
    Facet,
    Faq,
    Group,
    Ladder,
    Level,
    Licence,
    Page,
    Removal,
    Scale,
    StatementKind,
    Step,
    Threshold,
    Tip,
    Track,
    Translation,
)
from app.rubric.parts import Alignment, Example, ExternalId, Link, Proficiency, Source, Statement
from app.rubric.releases import Event, Release, Version
from app.store.engine import writing
from app.store.inserting import NewRelease
from app.store.releases import append_event, publish

DAY_1: Final = datetime(2026, 1, 1, tzinfo=UTC)


def day(number: int) -> datetime:
    """The first moment of a day, counted from 1."""
    return DAY_1 + timedelta(days=number - 1)


def small(slug: str = "small", title: str = "Small") -> Ladder:
    """A ladder of one track and one level."""
    return Ladder(
        slug=slug,
        title=title,
        tracks=(Track(slug="engineer", title="Engineer"),),
        levels=(Level(slug="l1", track="engineer", title="Beginner"),),
    )


def large(statements: int, slug: str = "large", title: str = "Large") -> Ladder:
    """A ladder of about that many entities, most of them statements of a line of text each."""
    competencies = tuple(
        Competency(slug=f"c{number}", title=f"C {number}") for number in range(max(statements // 20, 1))
    )
    lines = tuple(Statement(text=f"Does this, number {number}, well and often.") for number in range(20))
    asked = tuple(Expectation(level="l1", competency=one.slug, statements=lines) for one in competencies)
    return small(slug, title).model_copy(update={"competencies": competencies, "expectations": asked})


def full() -> Ladder:
    """A ladder that has at least one row in every table of content."""
    example = Example(slug="by-hand", title="By hand", text="Did it.")
    statement = Statement(kind="core", text="Does it.", examples=(Example(text="Did this."),))
    return Ladder(
        slug="full",
        title="Full",
        summary="Everything once.",
        organisation="Nobody",
        licence=Licence(title="CC0-1.0", url="https://example.org/cc0"),
        attribution="By nobody.",
        cumulative="yes",
        statement_kinds=(StatementKind(slug="core", title="Core", counts_as="asked"),),
        categories=(Category(slug="work", title="Work", summary="What is made."),),
        groups=(Group(slug="makers", title="Makers", summary="Who makes it."),),
        tracks=(
            Track(slug="lead", title="Lead", extends="engineer", extending="adds", ordered=False),
            Track(
                slug="engineer",
                title="Engineer",
                group="Makers",
                thresholds=(Threshold(points_from=0, points_to=4.5, level="l1", title="Beginner"),),
            ),
        ),
        levels=(
            Level(
                slug="l1",
                track="engineer",
                code="L1",
                rank=1.5,
                title="Beginner",
                other_titles=("Junior", "Starter"),
                attributes=(Attribute(title="Reach", items=("task", "day")), Attribute(title="Nothing")),
                years_from=0,
                years_to=2,
                formerly=("l0",),
                external_ids=(ExternalId(system="workday", id="JP-1"),),
            ),
            Level(slug="m1", track="lead", title="Lead"),
        ),
        scales=(
            Scale(
                slug="skill",
                title="Skill",
                cumulative="yes",
                steps=(Step(slug="aware", title="Aware", points=1),),
            ),
        ),
        competencies=(Competency(slug="craft", title="Craft", category="Work", scale="skill"),),
        facets=(
            Facet(
                slug="code",
                competency="craft",
                title="Code",
                proficiencies=(Proficiency(step="aware", title="Knows", statements=(statement,)),),
            ),
        ),
        expectations=(
            Expectation(
                level="l1",
                competency="craft",
                facet="code",
                step="aware",
                statements=(statement,),
                examples=(example,),
            ),
            Expectation(level="m1", competency="craft", applicability="not-in-use", extending="replaces"),
        ),
        faqs=(Faq(slug="why", question="Why?", answer="", about=("level:l1", "facet:code")),),
        tips=(Tip(slug="slow", title="Slowly", text="Take your time."), Tip(slug="on", text="Go on.")),
        pages=(Page(slug="history", title="History", text="It began."),),
        removals=(
            Removal(kind="level", slug="l9", reason="Nobody was there.", successor="level:l1"),
            Removal(kind="level", slug="l8", reason="Split.", successors=("level:l1", "level:m1")),
        ),
        translations=(
            Translation(
                entity="example:by-hand", field="text", language="de", text="Tat es.", source="Did it."
            ),
        ),
        references=(Link(slug="book", title="A book", url="https://example.org/book", kind="book"),),
        sources=(Source(title="A talk", retrieved=date(2026, 1, 2), note=""),),
        alignments=(Alignment(match="close", framework="SFIA", title="PROG"),),
    )


def release(
    engine: Engine,
    ladder: Ladder,
    version: str = "1.0.0",
    *,
    published: datetime = DAY_1,
    effective: datetime | None = None,
    because: str | None = None,
) -> Release:
    """Publish a ladder in a transaction of its own; with a reason, below the minimum of 9.0.0."""
    with writing(engine) as connection:
        new = NewRelease.of(ladder, Version.parse(version), published, effective_from=effective)
        if because is not None:
            new = replace(new, minimum=Version(9, 0, 0), because=because)
        return publish(connection, new)


def say(engine: Engine, about: Release, event: Event) -> None:
    """Append an event in a transaction of its own."""
    with writing(engine) as connection:
        append_event(connection, about, event, now=event.at)


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    """A write transaction that is rolled back in the end."""
    with engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield connection
        finally:
            transaction.rollback()
