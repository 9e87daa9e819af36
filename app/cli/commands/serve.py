"""`ladder serve`: prepare the database if that is safe, print the URLs, and serve."""

import gc
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.cli import output
from app.cli.environment import Environment
from app.cli.exit_codes import ExitCode
from app.cli.listening import GRACE, address, end_with_parent, listening
from app.errors import Conflict, SchemaMismatch

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.main import Application
    from app.settings import Settings

APPLICATION: Final = "app.__main__:application"
FIRST_LADDER: Final = "netflix-engineering"
"""The ladder to show to a newcomer, if the database has it."""
_SLOWEST: Final = 60
"""Seconds after which a silent worker is replaced. A worker on a busy machine takes long to start."""


def serve(
    context: typer.Context,
    host: Annotated[
        list[str] | None,
        typer.Option(
            help="Address to listen on; may be repeated. `::` means all IPv6 and IPv4 ones; default: LADDER_HOST."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on, 0 for a free one; default: PORT.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Number of server processes; default: LADDER_WORKERS.")
    ] = None,
) -> None:
    """Serve the explorer, the API and its documentation.

    Runs until Ctrl-C or SIGTERM. A SQLite database is created or migrated first, and gets the bundled ladders if it
    has none (unless LADDER_SEED is false). A PostgreSQL database is not changed: the command tells you what to run.
    """
    from app.logs import configure_logs, log_uncaught_exceptions

    environment: Environment = context.obj
    settings = environment.settings
    with listening(host or settings.hosts, settings.port if port is None else port) as listeners:
        created = environment.missing_file is not None
        slugs = _ready(environment)
        _say_where(listeners, slugs, f"{environment.database_name}{' (created)' if created else ''}")
        log_uncaught_exceptions()
        configure_logs(settings.log_level)
        _run(listeners, settings.workers if workers is None else workers, settings)


def _ready(environment: Environment) -> tuple[str, ...]:
    """Prepare the database as far as is safe for its engine, and return the slugs of its ladders."""
    with _uncollected():
        import app.store.releases  # noqa: F401 - loads all modules of the store
        from app.store.engine import is_sqlite, open_engine

    settings = environment.settings
    engine = open_engine(settings.database_url)
    try:
        if is_sqlite(engine):
            return _prepare(engine, environment)
        return _inspect(engine, environment)
    finally:
        engine.dispose()


def _prepare(engine: "Engine", environment: Environment) -> tuple[str, ...]:
    from app.cli.seeding import seed_missing
    from app.store.maintenance.missing_last_changes import record_missing
    from app.store.maintenance.schema_check import schema_state
    from app.store.search.index import index_missing

    with output.progress("Preparing the database") as step:
        if schema_state(engine) != "current":
            from app.store.maintenance.migrating import migrate

            migrate(environment.settings.database_url)
        index_missing(engine, lambda done: step(f"{output.counted(done, 'release')} indexed"))
        record_missing(engine, lambda done: step(f"{output.counted(done, 'release')} compared"))
        slugs = _slugs(engine)
        if slugs or not environment.settings.seed:
            return slugs
        seed_missing(engine, environment.clock(), step)
    return _slugs(engine)


def _inspect(engine: "Engine", environment: Environment) -> tuple[str, ...]:
    from app.store.maintenance.schema_check import has_schema, require_current

    if not has_schema(engine):
        raise SchemaMismatch("The database is empty. Run `ladder migrate`, then `ladder seed`.")
    require_current(engine)
    slugs = _slugs(engine)
    if not slugs and environment.settings.seed:
        raise Conflict(
            "The database has no ladder. Run `ladder seed` or `ladder publish PATH`, or set LADDER_SEED=false."
        )
    return slugs


def _slugs(engine: "Engine") -> tuple[str, ...]:
    from app.store.engine import reading
    from app.store.releases import find_ladders

    with reading(engine) as connection:
        return tuple(find_ladders(connection))


def _say_where(listeners: Sequence[socket.socket], slugs: tuple[str, ...], database: str) -> None:
    base = address(listeners[0])
    first = FIRST_LADDER if FIRST_LADDER in slugs else next(iter(slugs), None)
    output.say(f"Explorer: {base}/")
    output.say(f"Documentation: {base}/docs")
    if first is None:
        output.say(f"Ladders: {base}/v1/ladders (none yet: run `ladder seed` or `ladder publish PATH`)")
    else:
        output.say(f"First ladder: {base}/v1/ladders/{first}")
    output.say(f"Database: {database}")
    output.say("Stop with Ctrl-C.")
    output.flush()


def build() -> "Application":
    """Build the application of one server process.

    Imported modules are never freed, so the garbage collector skips them. Otherwise it would take a tenth of the
    start time, and time between requests later.
    """
    import warnings

    from pydantic.warnings import UnsupportedFieldAttributeWarning

    from app.logs import log_uncaught_exceptions

    end_with_parent(GRACE + 5)
    log_uncaught_exceptions()
    # FastAPI ignores these warnings while it analyses a route, but not reliably in several threads at once.
    warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)
    with _uncollected():
        from app.main import create_app

        return create_app()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Stop garbage collection while modules are imported, and exclude their objects from it for good.

    The collector would walk through them for 0.15 seconds now, and again while the catalog is read.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _run(listeners: list[socket.socket], workers: int, settings: "Settings") -> None:
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    from app.cli.metrics_server import scraped

    with scraped(settings.metrics):  # before any module with metrics is imported
        from app.serving.connection.protocol import http_protocol
        from app.serving.connection.time_limits import Limits

        config = uvicorn.Config(
            APPLICATION,
            factory=True,
            http=http_protocol(Limits.of(settings)),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # `serving.addresses` reads them from the proxies that the settings trust
            timeout_graceful_shutdown=GRACE,
            timeout_worker_healthcheck=_SLOWEST,
            workers=workers,
        )
        if workers > 1:
            Multiprocess(config, sockets=listeners).run()
            return
        server = uvicorn.Server(config)
        try:
            server.run(sockets=listeners)
        except KeyboardInterrupt:
            # The server has finished the running requests and passes the signal on, which is a normal end.
            return
    if not server.started:
        raise typer.Exit(ExitCode.UNEXPECTED)
