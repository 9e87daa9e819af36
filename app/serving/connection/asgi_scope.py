"""A request as an application expects it (ASGI 3)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.types import Scope

from app.serving.connection.request_head import Head


@dataclass(frozen=True, slots=True)
class Ends:
    """The two ends of a connection, and what all its requests have in common."""

    client: tuple[str, int] | None
    server: tuple[str, int] | None
    root_path: str
    state: dict[str, Any]

    def scope(self, head: Head) -> Scope:
        """Return the scope of a request."""
        raw_path, _, query = head.target.partition(b"?")
        path = raw_path.decode("ascii")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": f"1.{head.minor.decode()}",
            "server": self.server,
            "client": self.client,
            "scheme": "http",
            "method": head.method.decode("ascii"),
            "root_path": self.root_path,
            "path": self.root_path + (unquote(path) if "%" in path else path),
            "raw_path": self.root_path.encode() + raw_path,
            "query_string": query,
            "headers": head.fields.copy(),
            "state": self.state.copy(),
        }


def address(found: Any) -> tuple[str, int] | None:  # noqa: ANN401 - whatever the transport says
    """Return a host and a port, or None for a socket without them; IPv4 within IPv6 becomes plain IPv4."""
    if not isinstance(found, tuple) or len(found) < 2:  # noqa: PLR2004 - a host and a port
        return None
    host = str(found[0])
    return (host[7:] if host.startswith("::ffff:") and "." in host else host), int(found[1])
