"""A server for commands: the application in this process behind a real server, with the test's clock."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from app.main import create_app
from app.settings import Settings
from app.store.access.keys import create_key
from app.store.engine import writing
from tests.api.process import eventually
from tests.api.serving import Clock


@dataclass(frozen=True)
class Service:
    """A running service."""

    url: str
    application: Any
    clock: Clock

    def key(self, owner: str, *scopes: str) -> str:
        """A new key, which the service knows of at once."""
        with writing(self.application.serving.engine) as connection:
            key, _ = create_key(connection, owner, scopes, self.clock())
        self.application.serving.freshness.refresh()
        return key

    def get(self, path: str, key: str | None = None) -> httpx.Response:
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        return httpx.get(self.url + path, headers=headers, trust_env=False, timeout=60)

    def post(self, path: str, body: dict[str, str], key: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {key}"}
        return httpx.post(self.url + path, json=body, headers=headers, trust_env=False, timeout=60)


@contextmanager
def serving(database_url: str, clock: Clock | None = None, **settings: Any) -> Iterator[Service]:  # noqa: ANN401 - any setting
    """A service on a free port, ended afterwards. It looks at its database twice a second, as by default."""
    found = clock or Clock()
    application = create_app(Settings(database_url=database_url, log_level="error", **settings), found)
    server = uvicorn.Server(uvicorn.Config(application, lifespan="on", log_config=None, access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            eventually(lambda: server.started or not thread.is_alive(), "the service did not start")
            yield Service(f"http://127.0.0.1:{listener.getsockname()[1]}", application, found)
        finally:
            server.should_exit = True
            thread.join(60)
