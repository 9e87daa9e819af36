"""HEAD is asked over real sockets, and an answer that is not 200 gives no figure."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from bench.head import run_head
from bench.load import LoadError, Target


class Handler(BaseHTTPRequestHandler):
    """Answers HEAD with the status that its class names, and says that a body would be long."""

    protocol_version = "HTTP/1.1"
    status: ClassVar[int] = 200

    def do_HEAD(self) -> None:
        self.send_response(self.status)
        self.send_header("content-length", "1000")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stay silent."""


class Missing(Handler):
    """Answers 404."""

    status = 404


@contextmanager
def serving(handler: type[Handler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


def test_answers_to_head_are_counted() -> None:
    with serving(Handler) as url:
        load = run_head(Target(url, {"Accept": "*/*"}), 1, frozenset())
    assert load.rate > 10
    assert 0 < load.p50 <= load.p99


def test_an_answer_that_is_not_200_spoils_the_run() -> None:
    with serving(Missing) as url, pytest.raises(LoadError, match=r"An answer to HEAD was b'HTTP/1.1 404"):
        run_head(Target(url, {}), 1, frozenset())
