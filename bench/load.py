"""Load: running wrk and reading what it prints.

wrk cannot measure HEAD: it waits for a body that never comes.
"""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.machine import Cores, pinned

CONNECTIONS: Final = 32
"""Connections that ask at the same time."""

_PATIENCE: Final = "10s"
"""The longest time for a response: the slowest contestant on a busy machine needs longer than wrk's two seconds."""
_MILLISECONDS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_LATENCY: Final = re.compile(r"^\s+(50|99)%\s+([0-9.]+)(us|ms|s|m) ?$", re.MULTILINE)
_RATE: Final = re.compile(r"^Requests/sec:\s+([0-9.]+)$", re.MULTILINE)
_REFUSED: Final = re.compile(r"^\s+Non-2xx or 3xx responses: ([0-9]+)$", re.MULTILINE)
_BROKEN: Final = re.compile(
    r"^\s+Socket errors: connect ([0-9]+), read ([0-9]+), write ([0-9]+), timeout ([0-9]+)$", re.MULTILINE
)


class LoadError(Exception):
    """The load could not be put on, or some answers were errors: such a figure means nothing."""


@dataclass(frozen=True, slots=True)
class Load:
    """The results of one run of load."""

    rate: float
    """Answers a second."""
    p50: float
    """Milliseconds within which half of the answers came."""
    p99: float
    """Milliseconds within which 99 of 100 answers came."""


@dataclass(frozen=True, slots=True)
class Target:
    """The request to send."""

    url: str
    headers: Mapping[str, str]
    script: Path | None = None
    """A wrk script that chooses the URLs."""
    process: int | None = None
    """The server's process, whose processor time is taken too; None where it has several."""


def require_wrk() -> None:
    """Raise LoadError where wrk is not installed."""
    if shutil.which("wrk") is None:
        raise LoadError(
            "wrk is missing. On Debian and Ubuntu: apt install wrk; with Homebrew: brew install wrk"
        )


def run_wrk(target: Target, seconds: int, cores: Cores) -> Load:
    """Ask as fast as answers come. Raises LoadError where an answer was an error."""
    command = ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s"]
    command += ["--latency", "--timeout", _PATIENCE]
    if target.script is not None:
        command += ["--script", str(target.script)]
    for name, value in target.headers.items():
        command += ["--header", f"{name}: {value}"]
    with pinned(cores):
        done = subprocess.run([*command, target.url], check=False, capture_output=True, encoding="utf-8")
    if done.returncode != 0:
        raise LoadError(f"wrk failed on {target.url}: {done.stderr.strip() or done.stdout.strip()}")
    return parse_wrk(done.stdout)


def parse_wrk(text: str) -> Load:
    """Return the results that wrk printed with `--latency`. Raises LoadError if it reports errors or no rate."""
    refused = _REFUSED.search(text)
    if refused is not None:
        raise LoadError(f"{refused[1]} answers were neither 2xx nor 3xx.")
    broken = _BROKEN.search(text)
    if broken is not None:
        names = ("connect", "read", "write", "timeout")
        counts = ", ".join(f"{name} {count}" for name, count in zip(names, broken.groups(), strict=True))
        raise LoadError(f"Connections failed: {counts}.")
    rate = _RATE.search(text)
    latencies = {found[1]: float(found[2]) * _MILLISECONDS[found[3]] for found in _LATENCY.finditer(text)}
    if rate is None or latencies.keys() != {"50", "99"}:
        raise LoadError(f"wrk printed something unforeseen:\n{text}")
    return Load(float(rate[1]), latencies["50"], latencies["99"])
