"""Sockets that `ladder serve` and `ladder preview` listen on, and their URLs."""

import socket
from typing import Final

from app.errors import Conflict

GRACE: Final = 10
"""Seconds that running requests get to finish after the server is told to stop."""
_BACKLOG: Final = 2048
_EVERY_ADDRESS: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises Conflict where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0].lower()  # without the address again
        raise Conflict(
            f"Cannot listen on {host} port {port}: {reason}. "
            "Choose another address with --host (LADDER_HOST) or --port (PORT)."
        ) from None


def address(listener: socket.socket) -> str:
    """The URL under which somebody on this machine reaches a socket."""
    host, port = listener.getsockname()[:2]
    name = "localhost" if host in _EVERY_ADDRESS else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"
