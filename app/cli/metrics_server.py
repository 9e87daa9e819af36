"""Metrics for Prometheus: one process answers for all workers that it started.

When the Prometheus client is imported, it decides whether processes share their numbers. It is therefore imported
only after the shared folder is set.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from app.cli.temporary_folder import owned_folder

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

OFF: Final = "off"
_SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that tells the Prometheus client the folder that workers share."""
_log = structlog.get_logger("metrics")


@contextmanager
def scraped(address: str) -> Iterator[None]:
    """Answer scrapes at `host:port` while the block runs; with `off`, answer none.

    The numbers are summed over this process and all processes that it starts in the block. If the address is taken
    or no temporary folder can be created, log a warning and continue to serve: metrics are not worth an outage.
    """
    if address == OFF:
        yield
        return
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(owned_folder("ladder-metrics-"))
        except OSError as error:
            _log.warning("no metrics", reason=f"no temporary folder can be created: {error.strerror}")
            yield
            return
        os.environ[_SHARED_FOLDER] = str(folder)
        try:
            with _listening(address, folder):
                yield
        finally:
            del os.environ[_SHARED_FOLDER]


@contextmanager
def _listening(address: str, folder: Path) -> Iterator[None]:
    from prometheus_client import start_http_server

    host, _, port = address.rpartition(":")
    try:
        server, thread = start_http_server(int(port), host.strip("[]"), _registry(folder))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _log.warning("no metrics", address=address, reason=reason, cure="set LADDER_METRICS")
        yield
        return
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _registry(folder: Path) -> "CollectorRegistry":
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    class Living(MultiProcessCollector):
        """Leaves out the gauges of workers that are gone; what they counted stays.

        And files that a worker has just made: for a moment nothing is in them, which the client cannot read.
        """

        def collect(self) -> object:
            for file in folder.glob("gauge_live*_*.db"):
                if not Path(f"/proc/{file.stem.rpartition('_')[2]}").exists() and Path("/proc/self").exists():
                    file.unlink(missing_ok=True)
            files = [str(file) for file in folder.glob("*.db") if file.stat().st_size]
            return self.merge(files)  # type: ignore[no-untyped-call]  # the client's, untyped

    registry = CollectorRegistry()
    Living(registry, str(folder))  # type: ignore[no-untyped-call]  # the client's, untyped
    return registry
