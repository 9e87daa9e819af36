"""Warnings: the log of a server has only JSON lines, whatever code or thread warns."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.api.process import Server, eventually
from tests.cli.shell import surroundings

DRIVER = '''
"""The `ladder` command in an environment full of warnings. Worker processes load this file, too."""

import sys
import threading
import warnings

import fastapi
from starlette.routing import Router

warnings.simplefilter("always")


class Import:
    """Warns when the application is imported."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "app.main":
            warnings.warn("at import")


def warning(method, text):
    async def warned(self, scope, receive, send):
        warnings.warn(text)
        if text == "at start":
            threading.Thread(target=overlap).start()
        await method(self, scope, receive, send)

    return warned


def overlap():
    """Warn after two `catch_warnings` that overlap, as those of two threads do."""
    first, second = warnings.catch_warnings(), warnings.catch_warnings(record=True)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    warnings.simplefilter("always")
    warnings.warn("in a thread, clk_abcdefghij_0123456789")
    raise RuntimeError("a thread that fails")


sys.meta_path.insert(0, Import)
Router.lifespan = warning(Router.lifespan, "at start")
fastapi.FastAPI.__call__ = warning(fastapi.FastAPI.__call__, "in a request")
if __name__ == "__main__":
    from app.__main__ import main

    sys.exit(main())
'''


@pytest.mark.parametrize("workers", ["1", "2"])
def test_every_warning_of_a_server_is_a_json_line(tmp_path: Path, workers: str) -> None:
    driver, out, err = tmp_path / "driver.py", tmp_path / "out.txt", tmp_path / "log.txt"
    driver.write_text(DRIVER, "utf-8")
    around = surroundings(
        LADDER_METRICS="off", LADDER_WORKERS=workers, LADDER_DATABASE_URL=f"sqlite:///{tmp_path}/ladder.db"
    )
    with out.open("wb") as printed, err.open("wb") as logged:
        process = subprocess.Popen(
            [sys.executable, driver, "serve", "--port", "0"],
            env=around,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=logged,
        )
    server = Server(process, out, err)
    try:
        eventually(lambda: "Application startup complete" in server.log, "it did not start")
        assert httpx.get(f"{server.url}/v1/ladders", trust_env=False, timeout=60).status_code == 200
        eventually(lambda: "a thread that fails" in server.log, "the thread did not run")
    finally:
        process.terminate()
        process.wait(60)
    entries = [json.loads(line) for line in server.log.splitlines()]
    warned = {entry["event"] for entry in entries if entry["logger"] == "warnings"}
    assert {"at import", "at start", "in a request", "in a thread, clk_abcdefghij_***"} <= warned
    failed = next(entry for entry in entries if entry["logger"] == "uncaught")
    assert failed["event"] == "A thread has failed."
    assert failed["exception"].endswith("RuntimeError: a thread that fails")


def test_a_warning_of_a_command_is_a_json_line(tmp_path: Path) -> None:
    driver = tmp_path / "driver.py"
    driver.write_text(
        "import sys, warnings\n"
        "import app.__main__\n"
        "class Import:\n"
        "    @staticmethod\n"
        "    def find_spec(name, path=None, target=None):\n"
        "        if name == 'app.cli.program':\n"
        "            warnings.warn('at import')\n"
        "sys.meta_path.insert(0, Import)\n"
        "sys.exit(app.__main__.main())\n"
    )
    done = subprocess.run(
        [sys.executable, driver, "--version"],
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    (entry,) = [json.loads(line) for line in done.stderr.splitlines()]
    assert (entry["logger"], entry["event"], entry["category"]) == ("warnings", "at import", "UserWarning")
    assert entry["place"].startswith(str(driver))
