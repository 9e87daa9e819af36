"""The built package works without a checkout, because it contains the migrations and the seed."""

import json
import os
import re
import signal
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from app import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive of this checkout, and the wheel built from that archive."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (wheel,) = dist.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def ladder(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment into which the wheel was installed.

    Its dependencies are those of the environment that runs the tests: named as a folder of packages, whose own
    link to the checkout Python does not follow.
    """
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=True)
    python = home / "bin/python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)}))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return home / "bin/ladder"


def environment() -> dict[str, str]:
    """The present environment without what could lead back to the checkout or change a setting."""
    foreign = ("LADDER_", "PYTHON", "PORT")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def output(ladder: Path, folder: Path, *arguments: str) -> str:
    command = [str(ladder), *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True)
    return done.stdout.decode()


def tracked(folder: str) -> set[str]:
    """Paths of the files of a folder of the checkout, without what Python leaves behind."""
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(ROOT).as_posix() for path in files}


def test_the_wheel_holds_the_program_its_migrations_and_its_seed_and_nothing_else(wheel: Path) -> None:
    info = f"career_ladder_api-{__version__}.dist-info"
    bundled = {f"app/_bundled/{path}" for path in {*tracked("migrations"), *tracked("seed"), "openapi.json"}}
    names = set(ZipFile(wheel).namelist())
    assert {name for name in names if not name.startswith(info)} == tracked("app") | bundled
    assert f"{info}/licenses/LICENSE" in names


def test_the_source_archive_holds_what_one_needs_to_work_on_it(dist: Path) -> None:
    with tarfile.open(dist / f"career_ladder_api-{__version__}.tar.gz") as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    folders = ("app", "docs", "migrations", "requirements", "seed", "tests", "tools")
    assert set().union(*(tracked(folder) for folder in folders)) <= names
    assert {".ci/run", "LICENSE", "Makefile", "README.md", "CHANGELOG.md", "pyproject.toml"} <= names
    assert [name for name in names if re.match(r"(var|dist|\.venv|\.git)/|.*\.env$", name)] == []


def test_the_installed_command_explains_itself(ladder: Path, tmp_path: Path) -> None:
    assert "Usage: ladder" in output(ladder, tmp_path, "--help")
    assert output(ladder, tmp_path, "--version") == f"{__version__}\n"


def test_the_installed_command_prints_the_committed_schema(ladder: Path, tmp_path: Path) -> None:
    committed = (ROOT / "seed/ladder.schema.json").read_text("utf-8")
    assert output(ladder, tmp_path, "schema") == committed


def test_the_installed_command_serves_the_seed_from_an_empty_folder(ladder: Path, tmp_path: Path) -> None:
    command = [str(ladder), "serve", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline().decode() for _ in range(3)]
            urls = [re.sub(r"^.*: (http\S+)\n$", r"\1", line) for line in lines]
            explorer, docs, ladder_url = urls
            assert docs == f"{explorer}docs"
            with urllib.request.urlopen(f"{ladder_url}/levels/l5", timeout=20) as answer:  # noqa: S310 - our own server
                body = json.load(answer)
        finally:
            process.send_signal(signal.SIGINT)
    assert (body["ladder"], body["slug"], body["code"]) == ("netflix-engineering", "l5", "L5")
    assert (tmp_path / "var/ladder.db").exists()
    assert process.returncode == 0
