"""The machine: which cores server and load get, and what one must know of it to compare figures."""

import os
import platform
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

Cores = frozenset[int]
"""Numbers of processor cores; empty where the machine cannot pin."""

_QUIET: Final = 0.5
"""A load average up to which a machine counts as quiet."""
_PACKAGES: Final = ("uvicorn", "uvloop", "httptools", "fastapi", "starlette", "sqlalchemy", "pydantic")


@dataclass(frozen=True, slots=True)
class Places:
    """The cores of server and load. They share all cores if there is only one or pinning is not possible."""

    server: Cores
    load: Cores
    pair: Cores
    """The two cores that two workers run on."""

    @classmethod
    def of(cls, cores: Cores) -> "Places":
        """Return the first core serves, the last one loads."""
        ordered = sorted(cores)
        if len(ordered) < 2:  # noqa: PLR2004 - a pair
            return cls(frozenset(), frozenset(), frozenset())
        return cls(frozenset(ordered[:1]), frozenset(ordered[-1:]), frozenset(ordered[:2]))


def usable_cores() -> Cores:
    """Return the cores this process may use; empty where the system cannot pin (it is not Linux)."""
    return frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset()


@contextmanager
def pinned(cores: Cores) -> Iterator[None]:
    """Run what is in the block, and every process it starts, on these cores; on any, if there are none."""
    if not cores:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def describe() -> dict[str, str]:
    """Return the names of the processor and the software for people, without the name of the machine."""
    cores = usable_cores()
    return {
        "processor": f"{_processor()}, {len(cores) or os.cpu_count()} cores",
        "memory": f"{_memory()} GiB",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "pinning": "server and load on a core each"
        if Places.of(cores).server
        else "none: they share the cores",
        "other load": _other_load(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "load generator": _first_line("wrk", "--version"),
    }


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", file.read_text("utf-8")) if file.exists() else None
    return found[1] if found else platform.processor()


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _other_load() -> str:
    """Return the load average at the start: on a machine that others use, figures are rough."""
    average = os.getloadavg()[0]
    return f"{average:.2f} at the start, " + ("quiet" if average <= _QUIET else "so these figures are ROUGH")


def _first_line(*command: str) -> str:
    """Return the first line a program prints about itself, whatever its exit code."""
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    lines = (done.stdout or done.stderr).splitlines()
    return lines[0].partition(" Copyright")[0] if lines else "?"
