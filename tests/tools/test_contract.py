"""The command that holds the committed contract to the software, tried on small git repositories."""

import json
import subprocess
from pathlib import Path

import pytest

from tools import contract

OLD = {"paths": {"/v1": {"get": {"operationId": "read_start", "responses": {"200": {}}}}}}
MORE = {"paths": {"/v1": {"get": {"operationId": "read_start", "responses": {"200": {}, "304": {}}}}}}
LESS: dict[str, dict[str, object]] = {"paths": {}}


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Provide a repository with a committed contract, and a program `app` that prints what lies in `made/`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAPI_BASE", raising=False)
    (tmp_path / "seed").mkdir()
    (tmp_path / "made").mkdir()
    for folder in (tmp_path, tmp_path / "made"):
        (folder / "openapi.json").write_text(json.dumps(OLD))
    (tmp_path / "seed/ladder.schema.json").write_text("{}")
    (tmp_path / "made/schema.json").write_text("{}")
    (tmp_path / "app.py").write_text("import sys; print(open(f'made/{sys.argv[1]}.json').read(), end='')\n")
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], check=True, cwd=folder, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "State")


def test_a_contract_that_is_up_to_date_passes(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (checkout / "openapi.json").exists()
    assert contract.main() == 0
    assert capsys.readouterr().out == (
        "The contract holds: openapi.json and seed/ladder.schema.json are up to date.\n"
    )


def test_an_additive_change_asks_for_the_new_file(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (checkout / "made/openapi.json").write_text(json.dumps(MORE))
    assert contract.main() == 1
    assert capsys.readouterr().err == (
        "openapi.json is not what the software makes now. "
        "Run `make openapi`, look at what changed, and commit it.\n"
        "  GET /v1: status 304 was added\n"
    )


def test_a_breaking_change_is_named_even_when_the_file_was_made_anew(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in ("made/openapi.json", "openapi.json"):
        (checkout / file).write_text(json.dumps(LESS))
    assert contract.main() == 1
    assert capsys.readouterr().err == "This would break a client: GET /v1: was removed.\n"


def test_a_breaking_change_since_the_last_release_is_named_even_when_committed(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(checkout, "tag", "v1.0.0")
    for file in ("made/openapi.json", "openapi.json"):
        (checkout / file).write_text(json.dumps(LESS))
    commit(checkout)
    assert contract.main() == 1
    assert capsys.readouterr().err == "This would break a client: GET /v1: was removed.\n"


def test_another_base_can_be_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in ("made/openapi.json", "openapi.json"):
        (checkout / file).write_text(json.dumps(LESS))
    commit(checkout)
    assert contract.main() == 0
    monkeypatch.setenv("OPENAPI_BASE", "HEAD^")
    assert contract.main() == 1


def test_a_stale_ladder_schema_asks_for_the_new_file(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "made/schema.json").write_text('{"type": "object"}')
    assert contract.main() == 1
    assert capsys.readouterr().err == (
        "seed/ladder.schema.json is not what the software makes now. "
        "Run `make openapi`, look at what changed, and commit it.\n"
    )


def test_without_a_repository_the_file_is_the_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checkout == tmp_path
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    (tmp_path / "made/openapi.json").write_text(json.dumps(LESS))
    assert contract.main() == 1
    assert capsys.readouterr().err == (
        "This would break a client: GET /v1: was removed.\n"
        "openapi.json is not what the software makes now. "
        "Run `make openapi`, look at what changed, and commit it.\n"
        "  GET /v1: was removed\n"
    )
