"""Clients made by openapi-generator, unhelped, compile and read every open JSON resource.

They also read what a later version of the service sends. `make check-tools` runs these tests. They need Java and Go.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.clients.generated import READS, ROOT, assert_reads_everything, camel, run, schema_names
from tests.clients.operations import Read
from tests.clients.typescript import compile_and_read, js

pytestmark = pytest.mark.tools

_PYTHON_HEAD: Final = """
import json, sys, ladder_client
from pydantic_core import to_jsonable_python

api = ladder_client.ApiClient(ladder_client.Configuration(host=sys.argv[1]))
found = {}

def note(operation, value):
    found[operation] = to_jsonable_python(value.to_dict() if hasattr(value, "to_dict") else value, by_alias=True)

"""
_GO_HEAD: Final = """package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	ladder "example.org/ladder"
)

var found = map[string]interface{}{}

func note(operation string, value interface{}, err error) {
	if err != nil {
		value = err.Error()
	}
	found[operation] = value
}

func main() {
	configuration := ladder.NewConfiguration()
	configuration.Servers = ladder.ServerConfigurations{{URL: os.Args[1]}}
	client, ctx := ladder.NewAPIClient(configuration), context.Background()
"""
_GO_FOOT: Final = """	body, err := json.Marshal(found)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(body))
}
"""


def test_python(python: Path, tmp_path: Path, origins: Sequence[str]) -> None:
    generate(python, tmp_path, "python", "packageName=ladder_client")
    run(tmp_path, python / "mypy", "--ignore-missing-imports", "client/ladder_client")
    lines = []
    for read in READS:
        arguments = ", ".join([*(repr(value) for value in read.values.values()), *_keywords(read)])
        call = f"ladder_client.{_owner(read)}Api(api).{read.operation}({arguments})"
        lines.append(f"note({read.operation!r}, {call})")
    (tmp_path / "driver.py").write_text(
        _PYTHON_HEAD + "\n".join(lines) + "\nprint(json.dumps(found))", "utf-8"
    )
    assert_reads_everything(
        tmp_path, python / "python", "driver.py", origins=origins, PYTHONPATH=str(tmp_path / "client")
    )


def test_go(python: Path, tmp_path: Path, origins: Sequence[str]) -> None:
    """Without the option, this client alone rejects fields that are added later. The docs say so."""
    assert shutil.which("go"), "Go is missing. Debian, Ubuntu: apt install golang-go."
    generate(python, tmp_path, "go", "packageName=ladder,disallowAdditionalPropertiesIfNotPresent=false")
    client = tmp_path / "client"
    shutil.rmtree(client / "test", ignore_errors=True)  # its tests need a module from elsewhere
    (client / "go.mod").write_text("module example.org/ladder\n\ngo 1.19\n", "utf-8")
    driver = client / "cmd/driver/main.go"
    driver.parent.mkdir(parents=True)
    driver.write_text(_GO_HEAD + "".join(map(_go_read, READS)) + _GO_FOOT, "utf-8")
    environment = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOCACHE": str(tmp_path / "cache")}
    run(client, "go", "vet", "./...", **environment)
    run(client, "go", "build", "-o", "driver", "./cmd/driver", **environment)
    assert_reads_everything(client, client / "driver", origins=origins)


def test_typescript_fetch(python: Path, npm: Path, origins: Sequence[str]) -> None:
    generate(python, npm, "typescript-fetch", "supportsES6=true", "typescript-fetch")

    def call(read: Read) -> str:
        given = {camel(name): value for name, value in {**read.values, **read.query}.items()}
        argument = f"{js(given)} as const" if given else ""
        answer = f"await new client.{_owner(read)}Api(configuration).{camel(read.operation)}({argument})"
        name, item = schema_names(read)
        if item:
            return f"({answer}).map((one) => client.{item}ToJSON(one))"
        return f"client.{name}ToJSON({answer})" if name else answer

    imports = (
        'import * as client from "./typescript-fetch/index";\n'
        "const configuration = new client.Configuration({ basePath: process.argv[2]! });"
    )
    compile_and_read(npm, "typescript-fetch-driver", imports, call, origins)


def generate(python: Path, folder: Path, name: str, option: str, output: str = "client") -> None:
    """Run one of the generators of openapi-generator, which needs Java."""
    assert shutil.which("java"), "Java is missing. Debian, Ubuntu: apt install default-jre-headless."
    run(
        folder, python / "openapi-generator-cli", "generate", "--input-spec", ROOT / "openapi.json",
        "--generator-name", name, "--output", output, "--additional-properties", option,
    )  # fmt: skip


def _owner(read: Read) -> str:
    """Return the name that a generator derives from the tag."""
    return camel(read.tag.replace("-", "_"), upper=True)


def _keywords(read: Read) -> Sequence[str]:
    reserved = {"from": "var_from", "with": "var_with"}
    return [f"{reserved.get(name, name)}={value!r}" for name, value in read.query.items()]


def _go_read(read: Read) -> str:
    arguments = ", ".join(["ctx", *(js(value) for value in read.values.values())])
    query = "".join(f".{camel(name, upper=True)}({js(value)})" for name, value in read.query.items())
    call = f"client.{_owner(read)}API.{camel(read.operation, upper=True)}({arguments}){query}.Execute()"
    return f"\t{{\n\t\tvalue, _, err := {call}\n\t\tnote({js(read.operation)}, value, err)\n\t}}\n"
