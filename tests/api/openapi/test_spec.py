"""schemathesis with all checks, stateful ones included, against a real server."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.api.process import ROOT, Server, seeded_server
from tests.databases import SqliteDatabases

REPLACED: Final = ("positive_data_acceptance", "missing_required_header", "allow_header_conformance")
"""Checks that `spec_checks` and `test_methods` replace.

No schema can say which values exist. A write to a release is rejected before authentication. `Allow` depends on
whether the URL names a draft.
"""

ALL: Final = ("--phases", "examples,coverage,fuzzing,stateful")
ALIKE: Final = r"/(tracks|competencies|facets|scales|tips|pages)(/|$)|\.(md|csv|png)$"
"""Six of the ten collections and the other formats, which share code with the rest."""


def run_schemathesis(
    server: Server, credential: str, folder: Path, asked: tuple[str, ...], seconds: int
) -> None:
    """Run some phases with all checks that are not replaced, with an admin key."""
    done = subprocess.run(
        [
            *("schemathesis", "--config-file", str(ROOT / "tests/api/schemathesis.toml")),
            *("run", f"{server.url}/openapi.json", "--no-color", "--seed", "20261122"),
            *asked,
            *("--exclude-checks", ",".join(REPLACED)),
            *("--header", f"Authorization: {credential}"),
            *("--generation-database", "none"),
        ],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SCHEMATHESIS_HOOKS": "tests.api.spec_checks",
            "NO_PROXY": "127.0.0.1",
            "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^ +(\d+) generated, \1 passed", done.stdout, re.MULTILINE), done.stdout


def check(databases: SqliteDatabases, folder: Path, *asked: str, seconds: int = 600) -> None:
    unlimited = {"LADDER_RATE_WRITES": "0", "LADDER_RATE_FAILURES": "0"}
    with seeded_server(databases, folder, "admin", **unlimited) as (server, key):
        run_schemathesis(server, f"Bearer {key}", folder, asked, seconds)
        _no_defect(server)


def _no_defect(server: Server) -> None:
    assert not [entry for entry in server.entries if entry["logger"] == "defect"]


def test_schemathesis_finds_nothing(sqlite_databases: SqliteDatabases, tmp_path: Path) -> None:
    check(sqlite_databases, tmp_path, "--phases", "examples,fuzzing,stateful", "--max-examples", "4")


def test_schemathesis_finds_nothing_at_the_edges(sqlite_databases: SqliteDatabases, tmp_path: Path) -> None:
    check(sqlite_databases, tmp_path, "--phases", "coverage", "--exclude-path-regex", ALIKE)


@pytest.mark.soak
def test_schemathesis_finds_nothing_in_a_long_run(sqlite_databases: SqliteDatabases, tmp_path: Path) -> None:
    check(sqlite_databases, tmp_path, *ALL, "--max-examples", "300", seconds=3600)
