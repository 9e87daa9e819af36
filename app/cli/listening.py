"""The sockets on which commands listen, and the processes that may hold them."""

import os
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import parent_process
from threading import Thread
from typing import Final

from app.errors import Conflict

GRACE: Final = 10
"""Seconds that running requests get to finish after a signal to stop."""
_BACKLOG: Final = 2048
_EVERY_IPV6: Final = "::"
_EVERY_IPV4: Final = "0.0.0.0"  # noqa: S104 - used only if a setting names it
_EVERY_ADDRESS: Final = frozenset({"", _EVERY_IPV4, _EVERY_IPV6})


@contextmanager
def listening(hosts: Sequence[str], port: int) -> Iterator[list[socket.socket]]:
    """Listen on every host while the block runs; port 0 takes a free one, the same for all.

    Raises Conflict if that is not possible.
    """
    with ExitStack() as stack:
        listeners: list[socket.socket] = []
        for host in dict.fromkeys(hosts):
            both = host == _EVERY_IPV6 and _EVERY_IPV4 not in hosts
            listeners.append(stack.enter_context(_listen(host, port, both=both)))
            port = listeners[0].getsockname()[1]
        yield listeners


def address(listener: socket.socket) -> str:
    """Return the URL by which people on this machine reach a socket."""
    host, port = listener.getsockname()[:2]
    name = "localhost" if host in _EVERY_ADDRESS else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def end_with_parent(grace: float) -> None:
    """End this process soon after the process that started it has ended, for whatever reason.

    Workers share the listening socket of their parent. If they kept running without it, nothing would replace or stop
    them, and the port would stay taken. This does nothing in a process that none of our processes started.
    """
    parent = parent_process()
    if parent is None:
        return

    def follow() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace)
        os._exit(1)

    Thread(target=follow, name="parent", daemon=True).start()


def _listen(host: str, port: int, *, both: bool) -> socket.socket:
    """Return a socket that listens at an address; with `both`, it also accepts IPv4."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    dual = both and socket.has_dualstack_ipv6()
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG, dualstack_ipv6=dual)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0].lower()  # without the address again
        raise Conflict(
            f"Cannot listen on {host} port {port}: {reason}. "
            "Choose another address with --host (LADDER_HOST) or --port (PORT)."
        ) from None
