"""A contest with nginx, which serves one of our responses as a file."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Final

from bench.cases import LEVEL
from bench.contest import Pace, compete, tell
from bench.contestants.replay import Replay, fetch
from bench.figures import Budget, Figure
from bench.load import Target
from bench.machine import Cores
from bench.servers import Server, Starter, free_port

PART: Final = "Hot reads, beside nginx serving the same bytes from a file"
_CONFIGURATION: Final = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 128; }}
http {{
  access_log off; keepalive_requests 1000000; client_body_temp_path {folder}; proxy_temp_path {folder};
  fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder}; etag off;
  server {{
    listen 127.0.0.1:{port}; root {folder}; default_type application/json;
    location / {{ {headers} }}
  }}
}}
"""


def measure_nginx(starter: Starter, ours: Server, pace: Pace, cores: Cores) -> Iterator[Figure]:
    """Yield the ratio of our rate to that of nginx, or a figure without a value if nginx is not installed."""
    if not shutil.which("nginx"):
        tell("  nginx is not installed, so nothing is measured")
        yield Figure(PART, "small resource", "x", None, Budget("at least", 0.9))
        return
    with _nginx(starter, ours) as nginx:
        targets = {
            name: Target(server.origin + LEVEL, {}, process=server.process)
            for name, server in (("ours", ours), ("nginx", nginx))
        }
        result = compete(targets, pace, cores)
    rates = " ".join(f"{name} {result.rate(name).middle:,.0f}/s" for name in targets)
    yield Figure(PART, "small resource", "x", result.ratio("ours", "nginx"), Budget("at least", 0.9), rates)


def _nginx(starter: Starter, ours: Server) -> AbstractContextManager[Server]:
    """Return a context in which nginx serves our response, with our headers."""
    (answer,) = fetch(Replay(ours.origin, {}, (LEVEL,))).values()
    port, folder = free_port(), starter.folder / "nginx"
    file = folder / LEVEL.removeprefix("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(answer.body)
    own = {b"content-type", b"content-length"}
    pairs = ((name.decode(), value.decode()) for name, value in answer.headers if name not in own)
    headers = " ".join(f"add_header {name} {_quoted(value)};" for name, value in pairs)
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port, headers=headers), "utf-8")
    return starter.run(("nginx", "-c", str(configuration)), port, LEVEL)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "\\'") + "'"
