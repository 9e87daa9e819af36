"""`ladder seed`: add the bundled ladders to the database."""

import typer

from app.cli import output
from app.cli.environment import Environment
from app.cli.options import AsJson
from app.cli.seeding import seed_missing


def seed(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Add the bundled ladders that are missing.

    An existing ladder is not changed.
    """
    environment: Environment = context.obj
    with environment.database() as engine, output.progress("Seeding") as step:
        made = seed_missing(engine, environment.clock(), step)
    output.note(f"Database: {environment.database_name}")
    if as_json:
        items = [{"ladder": release.ladder, "release": str(release.version)} for release in made]
        output.print_json({"items": items})
        return
    for release in made:
        output.say(f"Added {release.ladder}@{release.version}.")
    if not made:
        output.note("All bundled ladders exist already.")
