"""schemathesis over the whole specification, against a real server: all its checks, stateful too."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.api.process import ROOT, Server, running
from tests.databases import SqliteDatabases


def run_schemathesis(server: Server, folder: Path, examples: int, seconds: int) -> None:
    """Run all phases with all checks; only `positive_data_acceptance` is replaced, by one of `spec_checks`."""
    done = subprocess.run(
        [
            *("schemathesis", "run", f"{server.url}/openapi.json", "--no-color", "--seed", "20261122"),
            *("--max-examples", str(examples), "--phases", "examples,coverage,fuzzing,stateful"),
            *("--exclude-checks", "positive_data_acceptance"),
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
    assert "No issues found" in done.stdout, done.stdout


def check(databases: SqliteDatabases, folder: Path, examples: int, seconds: int) -> None:
    with databases.fresh("seeded") as url, running(folder, url) as server:
        run_schemathesis(server, folder, examples, seconds)
        assert not [entry for entry in server.entries if entry["logger"] == "defect"]


def test_schemathesis_finds_nothing(sqlite_databases: SqliteDatabases, tmp_path: Path) -> None:
    check(sqlite_databases, tmp_path, examples=4, seconds=240)


@pytest.mark.soak
def test_schemathesis_finds_nothing_in_a_long_run(sqlite_databases: SqliteDatabases, tmp_path: Path) -> None:
    check(sqlite_databases, tmp_path, examples=300, seconds=3600)
