"""The commands for operators: `migrate`, `doctor`, `copy` and `backup`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.cli import output
from app.cli.environment import Environment
from app.cli.exit_codes import ExitCode
from app.cli.options import AsJson


def migrate(
    context: typer.Context,
    *,
    reindex: Annotated[
        bool,
        typer.Option("--reindex", help="Rebuild everything derived from releases, not only what is missing."),
    ] = False,
) -> None:
    """Update the schema, and fill what older versions left out.

    On SQLite this creates a missing file. Running it again changes nothing.
    """
    from app.store.maintenance import migrating
    from app.store.maintenance.missing_last_changes import forget_last_changes, record_missing
    from app.store.search.index import forget_index, index_missing

    environment: Environment = context.obj
    if (created := environment.missing_file) is not None:
        output.note(f"Creating the database {created}.")
    with output.progress("Migrating") as step:
        migrating.migrate(environment.settings.database_url)
        with environment.database() as engine:
            if reindex:
                forget_index(engine)
                forget_last_changes(engine)
            index_missing(engine, lambda done: step(f"{output.counted(done, 'release')} indexed"))
            record_missing(engine, lambda done: step(f"{output.counted(done, 'release')} compared"))
    output.say("The database schema is up to date.")


def doctor(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Verify all releases, drafts, reviews and keys.

    Checks hashes, seals, references, dates, the registry of slugs, the search index and the last changes.
    The exit code is 3 if something is wrong.
    """
    from app.store.engine import reading
    from app.store.maintenance.doctor import verify
    from app.store.releases import count_releases

    environment: Environment = context.obj
    with environment.database() as engine, output.progress("Verifying"), reading(engine) as connection:
        problems = tuple(verify(connection))
        releases = count_releases(connection)
    if as_json:
        output.print_json({"releases": releases, "items": [asdict(problem) for problem in problems]})
    else:
        for problem in problems:
            output.say(f"{problem.place}: {problem.detail} [{problem.code}]")
        output.note(f"{output.counted(releases, 'release')}, {output.counted(len(problems), 'problem')}")
    if problems:
        raise typer.Exit(ExitCode.INVALID)


def copy(
    context: typer.Context,
    *,
    to: Annotated[
        str, typer.Option("--to", metavar="URL", help="An empty database: sqlite:///file or postgresql://…")
    ],
    as_json: AsJson = False,
) -> None:
    """Copy everything into an empty database.

    Includes all releases with their numbers, dates, hashes and events, drafts,
    reviews, settings, keys and the audit log.
    """
    from app.store.maintenance.copying import copy_all

    environment: Environment = context.obj
    with environment.database() as engine, output.progress("Copying") as step:
        copied = copy_all(engine, to, lambda release: step(f"{release.ladder}@{release.version}"))
    if as_json:
        output.print_json(asdict(copied))
    else:
        parts = (("release", copied.releases), ("draft", copied.drafts), ("review", copied.reviews))
        counts = ", ".join(output.counted(number, word) for word, number in (*parts, ("key", copied.keys)))
        output.say(f"Copied {counts} and the audit log.")


def backup(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(metavar="PATH", help="The SQLite file to write. It must not exist.")
    ],
) -> None:
    """Write a consistent copy of the database.

    The copy is a SQLite file, also for PostgreSQL. The server can keep running.
    """
    from app.store.maintenance import copying

    environment: Environment = context.obj
    with environment.database() as engine, output.progress("Backing up"):
        copying.backup(engine, path)
    output.say(f"Wrote {path}.")
