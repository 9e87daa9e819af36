"""`ladder preview`: serve a ladder in files, and reload it when a file is saved."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import output
from app.cli.environment import Environment
from app.cli.exit_codes import ExitCode
from app.cli.listening import GRACE, address, listening
from app.cli.options import BundlePath

if TYPE_CHECKING:
    import socket

    from app.cli.preview_server import Look, Preview


def preview(
    context: typer.Context,
    path: BundlePath,
    host: Annotated[str | None, typer.Option(help="Address to listen on; default: LADDER_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on, 0 for a free one; default: PORT.")
    ] = None,
) -> None:
    """Preview a ladder in files, updated at each save.

    Needs no database and publishes nothing. While the files have errors, their last good state is served, and the
    errors are shown here and on the start page. Runs until Ctrl-C.
    """
    from app.cli.preview_server import Preview

    environment: Environment = context.obj
    settings = environment.settings
    hosts = settings.hosts if host is None else (host,)
    with listening(hosts, settings.port if port is None else port) as listeners:
        _run(listeners, Preview(path, environment.clock, _tell), address(listeners[0]))


def _tell(look: "Look") -> None:
    from app.cli.file_findings import print_findings, summary

    print_findings(look.findings, to_stdout=True)
    slug = "serving nothing yet" if look.bundle is None else look.bundle.ladder.slug
    served = f"serving {slug}" if look.sound else "still serving the previous version"
    output.say(f"{summary(look.findings)}: {served}.")
    output.flush()


def _run(listeners: "list[socket.socket]", application: "Preview", base: str) -> None:
    import uvicorn

    from app.logs import configure_logs
    from app.serving.connection.protocol import http_protocol
    from app.serving.connection.time_limits import Limits

    output.say(f"Preview: {base}/")
    output.say("Stop with Ctrl-C.")
    output.flush()
    configure_logs("warning")
    config = uvicorn.Config(
        application,
        http=http_protocol(Limits()),
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = uvicorn.Server(config)
    try:
        server.run(sockets=listeners)
    except KeyboardInterrupt:
        return  # the server has finished the running requests and passes the signal on
    if not server.started:
        raise typer.Exit(ExitCode.UNEXPECTED)
