"""nginx with the configuration of `deploy/`, in front of a server of the test."""

import json
import os
import shutil
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.serving.processes import Server, until

CONFIGURATION: Final = Path(__file__).parents[2] / "deploy" / "nginx-cache.conf"


@dataclass(frozen=True)
class Proxied:
    """A server, and the address at which a cache stands in front of it."""

    server: Server
    base: str

    def client(self) -> httpx.Client:
        """A lasting connection to the cache."""
        return httpx.Client(base_url=self.base, timeout=60)

    def reached(self) -> Counter[tuple[str, int]]:
        """Count the requests that reached the server itself, by path and status."""
        entries = (json.loads(line) for line in self.server.logged().splitlines())
        return Counter((entry["path"], entry["status"]) for entry in entries if entry["event"] == "request")


@contextmanager
def behind_nginx(server: Server, folder: Path) -> Iterator[Proxied]:
    """A cache of its own in front of a server. Skips the test where there is no nginx, but not in CI."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI installs nginx (.ci/run), and it is not there")
        pytest.skip("nginx is not installed: apt-get install nginx")
    port = _free_port()
    configuration = folder / "nginx.conf"
    text = CONFIGURATION.read_text()
    for said, ours in (
        ("server 127.0.0.1:8000;", f"server {server.base.removeprefix('http://')};"),
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
    ):
        assert text.count(said) == 1
        text = text.replace(said, ours)
    configuration.write_text(text)
    command = [program, "-p", str(folder), "-c", str(configuration), "-g", "daemon off;" + _user()]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            until(lambda: _listens(port), within=10)
            yield Proxied(server, f"http://127.0.0.1:{port}")
        finally:
            process.terminate()


def _user() -> str:
    """As root, nginx would let its workers be someone who may not write here."""
    return " user root;" if os.geteuid() == 0 else ""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
