"""The locks contain the requirements of `pyproject.toml`, with hashes, in agreement, and without addresses."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("runtime", "build", "dev")
EVERY_LOCK = sorted(path.stem for path in (ROOT / "requirements").glob("*.txt"))


def text(lock: str) -> str:
    return (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")


def pins(lock: str) -> dict[str, str]:
    """Locked version by package name."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text(lock), re.MULTILINE))


def asked_for(lock: str) -> list[Requirement]:
    """Return the requirements of the project's metadata for a lock."""
    groups = PROJECT["dependency-groups"]
    own = [entry for entry in groups.get(lock, []) if isinstance(entry, str)]
    run_time = [] if lock == "build" else PROJECT["project"]["dependencies"]
    return [Requirement(entry) for entry in (*run_time, *own)]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_the_project_asks_for(lock: str) -> None:
    locked = pins(lock)
    unmet = [
        str(requirement)
        for requirement in asked_for(lock)
        if locked.get(canonicalize_name(requirement.name), "none") not in requirement.specifier
    ]
    assert unmet == []


@pytest.mark.parametrize("lock", ["clients", "docs", "generators"])
def test_a_lock_of_other_programs_holds_its_group(lock: str) -> None:
    wanted = [Requirement(entry) for entry in PROJECT["dependency-groups"][lock]]
    names = {canonicalize_name(requirement.name) for requirement in wanted}
    assert names <= pins(lock).keys()


@pytest.mark.parametrize("lock", EVERY_LOCK)
def test_every_locked_package_has_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", text(lock))
    assert len(entries) >= len(pins(lock)) > 0
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", EVERY_LOCK)
def test_a_lock_names_no_address_and_no_option_but_hashes(lock: str) -> None:
    assert re.findall(r"https?:|^-.*", text(lock), re.MULTILINE) == []


def test_the_locks_agree_on_every_version() -> None:
    assert {**pins("dev"), **pins("build"), **pins("runtime")} == pins("dev")
