"""Load of HEAD requests, which wrk cannot make: sockets that ask again as soon as the head of an answer is in.

It does so little that one core of it outruns any Python server on another.
"""

import select
import socket
import time
from typing import Final
from urllib.parse import urlsplit

from bench.figures import percentile
from bench.load import CONNECTIONS, Load, LoadError, Target
from bench.machine import Cores, pinned

_END: Final = b"\r\n\r\n"
_PATIENCE: Final = 5
"""Seconds without any answer after which the server counts as stuck."""


def run_head(target: Target, seconds: int, cores: Cores) -> Load:
    """Ask for heads as fast as they come. Raises LoadError where an answer is not 200 or none comes."""
    parts = urlsplit(target.url)
    lines = [f"HEAD {parts.path} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in target.headers.items()]
    request = "\r\n".join([*lines, "", ""]).encode("ascii")
    address = (parts.hostname or "", parts.port or 80)
    connections = [socket.create_connection(address) for _ in range(CONNECTIONS)]
    try:
        with pinned(cores):
            return _run(connections, request, seconds)
    finally:
        for connection in connections:
            connection.close()


def _run(connections: list[socket.socket], request: bytes, seconds: int) -> Load:
    by_number = {connection.fileno(): connection for connection in connections}
    asked: dict[int, float] = {}
    waits: list[float] = []
    poll = select.epoll()
    start = time.perf_counter()
    for number, connection in by_number.items():
        poll.register(number, select.EPOLLIN)
        connection.sendall(request)
        asked[number] = start
    while time.perf_counter() - start < seconds:
        ready = poll.poll(_PATIENCE)
        if not ready:
            raise LoadError(f"No answer to HEAD within {_PATIENCE} seconds.")
        for number, _ in ready:
            connection = by_number[number]
            _receive_head(connection)
            now = time.perf_counter()
            waits.append(now - asked[number])
            connection.sendall(request)
            asked[number] = now
    elapsed = time.perf_counter() - start
    poll.close()
    return Load(len(waits) / elapsed, percentile(waits, 50) * 1000, percentile(waits, 99) * 1000)


def _receive_head(connection: socket.socket) -> None:
    answer = connection.recv(65536)
    while not answer.endswith(_END):
        more = connection.recv(65536)
        if not more:
            raise LoadError("The server closed a connection in the middle of an answer.")
        answer += more
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise LoadError(f"An answer to HEAD was {answer[:40]!r}.")
