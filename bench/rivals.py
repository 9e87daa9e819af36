"""The whole field on one small resource: from the bare application to the usual one, and programs of others.

Datasette, json-server, nginx and granian take part where they are installed, in the full form only.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from bench.cases import LEVEL, require_same
from bench.contest import Pace, compete, tell
from bench.contestants.replay import Answer, Replay, fetch
from bench.figures import Figure, Spread
from bench.load import Target
from bench.machine import Cores
from bench.servers import Server, Starter, free_port, get

PART: Final = "One small resource, all contestants"
_OURS: Final = "ours (`ladder serve`)"
_BARE: Final = "bare uvicorn: the limit"
_SQL: Final = (
    "select level.*, example.text from entity join level using (release_id, id) "
    "join example on example.release_id = level.release_id and example.owner_id = level.id "
    "where entity.kind = 'level' and entity.address = 'l5'"
)
_NGINX: Final = """
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

Started = tuple[str, AbstractContextManager[Server], str]
"""A contestant's name, what starts it, and the path it is asked for."""


def measure_rivals(
    starter: Starter, ours: Server, database_url: str, pace: Pace, cores: Cores, *, others: bool
) -> Iterator[Figure]:
    """The rate of each, beside that of the bare application."""
    taken = Replay(ours.origin, {}, (LEVEL,))
    with ExitStack() as stack:
        bare, ready = (stack.enter_context(start(taken)) for start in (starter.bare, starter.ready))
        require_same(taken, ready)
        usual = stack.enter_context(starter.usual(database_url, LEVEL))
        targets = {_BARE: bare.origin + LEVEL, _OURS: ours.origin + LEVEL}
        targets["FastAPI route, ready Response"] = ready.origin + LEVEL
        targets["FastAPI, SQLModel, session dependency"] = usual.origin + LEVEL
        for name, starting, path in _others(starter, taken, database_url) if others else ():
            targets[name] = stack.enter_context(starting).origin + path
        tell(f"  {', '.join(targets)}")
        result = compete({name: Target(url, {}) for name, url in targets.items()}, pace, cores)
    for name in targets:
        note = f"{result.ratio(name, _BARE).middle:.3f} x bare, p99 {result.p99(name):.1f} ms"
        yield Figure(PART, name, "/s", result.rate(name), note=note)
    ratio = result.ratio(_OURS, "FastAPI, SQLModel, session dependency")
    yield Figure(PART, "ours beside the usual way", "x", Spread(ratio.middle, ratio.low, ratio.high))


def _others(starter: Starter, taken: Replay, database_url: str) -> Iterator[Started]:
    (answer,) = fetch(taken).values()
    if shutil.which("nginx"):
        yield _nginx(starter, answer)
    else:
        tell("  nginx is not installed, and is left out")
    if importlib.util.find_spec("granian"):
        yield _granian(starter, database_url)
    else:
        tell("  granian is not installed in this environment, and is left out")
    if shutil.which("datasette"):
        yield _datasette(starter, database_url)
    else:
        tell("  Datasette is not installed, and is left out")
    if shutil.which("json-server"):
        yield _json_server(starter, taken.origin)
    else:
        tell("  json-server is not installed, and is left out")


def _nginx(starter: Starter, answer: Answer) -> Started:
    """Static files, with our headers."""
    port, folder = free_port(), starter.folder / "nginx"
    file = folder / LEVEL.removeprefix("/")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(answer.body)
    own = {b"content-type", b"content-length"}
    pairs = ((name.decode(), value.decode()) for name, value in answer.headers if name not in own)
    headers = " ".join(f"add_header {name} {_quoted(value)};" for name, value in pairs)
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(folder=folder, port=port, headers=headers), "utf-8")
    return "nginx, static file", starter.run(("nginx", "-c", str(configuration)), port, LEVEL), LEVEL


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "\\'") + "'"


def _granian(starter: Starter, database_url: str) -> Started:
    port = free_port()
    command = (sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--port", str(port))
    environment = {"LADDER_DATABASE_URL": database_url}
    started = starter.run((*command, "app.main:create_app"), port, LEVEL, environment)
    return "our application under granian", started, LEVEL


def _datasette(starter: Starter, database_url: str) -> Started:
    port, file = free_port(), Path(database_url.removeprefix("sqlite:///"))
    path = f"/{file.stem}.json?{urlencode({'sql': _SQL, '_shape': 'objects'})}"
    command = ("datasette", "serve", str(file), "--port", str(port))
    return "Datasette, SQL over the same tables", starter.run(command, port, path), path


def _json_server(starter: Starter, origin: str) -> Started:
    port, file = free_port(), starter.folder / "json-server.json"
    levels = json.loads(get(origin, f"{LEVEL.rpartition('/')[0]}?limit=500")[0])["items"]
    file.write_text(json.dumps({"levels": [{"id": level["slug"], **level} for level in levels]}), "utf-8")
    asked = subprocess.run(("json-server", "--version"), check=True, capture_output=True, encoding="utf-8")
    quiet = ("--quiet",) if asked.stdout.startswith("0.") else ()
    command = ("json-server", "--port", str(port), *quiet, str(file))
    return "json-server", starter.run(command, port, "/levels/l5"), "/levels/l5"
