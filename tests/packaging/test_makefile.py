"""The Makefile explains itself, installs only when it must, and refuses an unsuitable Python."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
LOCK = ROOT / "requirements/runtime.txt"


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a fresh shell, not as a part of the make that may have started the tests."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    command = ["make", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, encoding="utf-8"
    )


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A folder that looks like an environment with the run-time packages installed just now."""
    (tmp_path / "bin").mkdir()
    for name in ("bin/python", ".runtime"):
        (tmp_path / name).touch()
    return tmp_path


def test_help_explains_every_target() -> None:
    targets = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)[0].split()
    assert re.findall(r"^  make ([a-z-]+) +\S", make("help").stdout, re.MULTILINE) == targets


def test_make_without_a_target_prints_help() -> None:
    assert make().stdout == make("help").stdout


def test_a_second_start_only_serves(environment: Path) -> None:
    assert (
        make("--dry-run", "serve", f"VENV={environment}").stdout == f"exec {environment}/bin/ladder serve\n"
    )


def test_a_changed_lock_is_installed_before_serving(environment: Path) -> None:
    before_the_lock = LOCK.stat().st_mtime - 1
    os.utime(environment / ".runtime", (before_the_lock, before_the_lock))
    planned = make("--dry-run", "serve", f"VENV={environment}").stdout
    assert "install --require-hashes -r requirements/runtime.txt" in planned


def test_an_environment_without_its_python_is_rebuilt(environment: Path) -> None:
    (environment / "bin/python").unlink()
    (environment / "bin/python").symlink_to(environment / "gone")
    planned = make("--dry-run", "serve", f"VENV={environment}").stdout
    assert f"python3 -m venv --clear {environment}" in planned
    assert "install --require-hashes -r requirements/runtime.txt" in planned


def test_serving_installs_nothing_for_development(tmp_path: Path) -> None:
    assert "requirements/dev.txt" not in make("--dry-run", "serve", f"VENV={tmp_path}").stdout


def test_a_python_that_will_not_do_is_refused_with_the_cure(tmp_path: Path) -> None:
    done = make("serve", f"VENV={tmp_path / 'env'}", "PYTHON=false")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "Python 3.11 or newer is needed, and 'false' is not. Name one: make PYTHON=python3.12 …\n"
    )
    assert not (tmp_path / "env").exists()


def test_the_commit_hooks_call_the_tools_of_lint() -> None:
    hooks = YAML(typ="safe").load(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    entries = [hook["entry"].removeprefix(".venv/bin/").removesuffix(" --force-exclude") for hook in hooks]
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert recipe is not None
    assert re.findall(r"\$\(BIN\)/(.+)", recipe[1]) == entries


def test_ci_runs_the_tests_and_the_rest_of_check() -> None:
    script = (ROOT / ".ci/run").read_text("utf-8")
    parts = re.search(r"^check: (.+?)  ##", MAKEFILE, re.MULTILINE)
    assert parts is not None
    assert sorted(re.findall(r"^make (\w+)", script, re.MULTILINE)) == sorted(parts[1].split())
    assert os.access(ROOT / ".ci/run", os.X_OK)
