"""A Python client made from the OpenAPI document by a public generator reads every resource.

It also reads what a later version of the service sends: new values of open lists, and new fields.
"""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.clients.generated import READS, ROOT, assert_reads_everything

_KNOWN_AS: Final = {
    "content_type_overrides": {
        "application/yaml": "application/octet-stream",
        "image/svg+xml": "text/html",
        "image/png": "application/octet-stream",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "application/octet-stream",
    }
}
"""What the generator has no parser for, and how it may treat it."""
_DRIVER: Final = """
import enum, importlib, inspect, json, sys, typing
from ladder_client import Client

def plain(parsed):
    if isinstance(parsed, list):
        return [plain(one) for one in parsed]
    return parsed.to_dict() if hasattr(parsed, "to_dict") else parsed

found = {}
client = Client(base_url=sys.argv[2], follow_redirects=True)
for read in json.load(open(sys.argv[1])):
    module = importlib.import_module(f"ladder_client.api.{read['tag']}.{read['operation']}")
    given = {**read["values"], **read["query"]}
    words = {"from_" if name == "from" else name: value for name, value in given.items()}
    hints = typing.get_type_hints(module.sync_detailed)
    for name, value in words.items():  # one of a few words is an enum to this client
        kinds = [one for one in (hints[name], *typing.get_args(hints[name])) if inspect.isclass(one)]
        for kind in kinds:
            words[name] = kind(value) if issubclass(kind, enum.Enum) else words[name]
    found[read["operation"]] = plain(module.sync_detailed(client=client, **words).parsed)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Provide the folder of a generated client."""
    folder = tmp_path_factory.mktemp("python-client")
    generator = _generator(folder / "venv")
    config = folder / "config.json"
    config.write_text(json.dumps(_KNOWN_AS), "utf-8")
    made = subprocess.run(
        [
            generator, "generate", "--config", config, "--path", ROOT / "openapi.json", "--meta", "none",
            "--output-path", folder / "ladder_client",
        ],
        env={**os.environ, "PATH": f"{generator.parent}:{os.environ['PATH']}", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    said = made.stdout + made.stderr
    assert made.returncode == 0, said
    assert "WARNING" not in said, said[:2000]
    return folder


def _generator(environment: Path) -> Path:
    """Return the generator as it is locked, in an environment of its own: it does not take the newest typer."""
    venv.create(environment, with_pip=False, symlinks=True)
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        environment / "bin" / "python",
        "--disable-pip-version-check",
    ]
    locked: list[str | Path] = ["--require-hashes", "-r", ROOT / "requirements" / "clients.txt"]
    subprocess.run([*pip, "install", "--quiet", "--no-compile", *locked], check=True)
    return environment / "bin" / "openapi-python-client"


def test_a_generated_client_reads_every_resource_today_and_tomorrow(
    client: Path, origins: Sequence[str]
) -> None:
    asked = client / "reads.json"
    asked.write_text(json.dumps([vars(read) for read in READS]), "utf-8")
    driver = client / "driver.py"
    driver.write_text(_DRIVER, "utf-8")
    assert_reads_everything(client, sys.executable, driver, asked, origins=origins)


def test_a_generated_client_is_typed(client: Path) -> None:
    """The types are those of the document: a level's title is a text, its rank a number or left out."""
    program = client / "program.py"
    program.write_text(
        "from ladder_client import AuthenticatedClient\n"
        "from ladder_client.api.levels import read_level\n"
        "from ladder_client.models import LevelResource\n\n"
        "def title(client: AuthenticatedClient) -> str:\n"
        "    level = read_level.sync(ladder='acme', level='l5', client=client)\n"
        "    assert isinstance(level, LevelResource)\n"
        "    return level.title\n",
        "utf-8",
    )
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent",
         "--cache-dir=/dev/null", "program.py"],
        cwd=client,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout
