"""Clients made by public generators, unhelped, compile strictly and read every open JSON resource.

The linters of the field find nothing in the document either. `make check-tools` runs these tests. They need npm,
Java and Go, and fail if one is missing. Two further generators are part of `make test` (`test_python.py`,
`test_typescript.py`).
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest

from tests.clients.operations import Read, reads

pytestmark = pytest.mark.tools

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
READS: Final = reads()
_CHECK: Final = """
declare const process: { argv: string[]; exitCode: number };
const origin = process.argv[2];
async function check(operation: string, read: () => Promise<boolean>): Promise<void> {
  let problem: unknown = "no data";
  try {
    if (await read()) return;
  } catch (error) {
    problem = error;
  }
  console.log(`${operation}: ${String(problem).slice(0, 300)}`);
  process.exitCode = 1;
}
"""


def run(folder: Path, *command: str | Path, **environment: str) -> str:
    """Return the output of a program that must succeed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
    return done.stdout + done.stderr


def camel(name: str, *, upper: bool = False) -> str:
    """Return `read_level` as `readLevel`, or as `ReadLevel`."""
    first, *rest = name.split("_")
    return (first.capitalize() if upper else first) + "".join(part.capitalize() for part in rest)


def js(value: object) -> str:
    """Return a value as JavaScript."""
    return json.dumps(value)


@pytest.fixture(scope="module")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the locked npm packages, their configuration and the document."""
    assert shutil.which("npm"), "npm is missing. Debian, Ubuntu: apt install npm; elsewhere install Node.js."
    folder = tmp_path_factory.mktemp("generators")
    for file in (HERE / "generators").iterdir():
        shutil.copyfile(file, folder / file.name)
    shutil.copyfile(ROOT / "openapi.json", folder / "openapi.json")
    run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
    return folder


def compile_and_read(npm: Path, name: str, driver: str, origin: str) -> None:
    """Compile a program and the client it imports with all strict checks, then run it."""
    source = npm / f"{name}.ts"
    source.write_text(driver, "utf-8")
    options = {
        "strict": True,
        "noEmit": True,
        "target": "es2022",
        "module": "esnext",
        "moduleResolution": "bundler",
        "allowImportingTsExtensions": True,
        "lib": ["es2022", "dom", "dom.iterable"],
        "types": ["node"],
        "skipLibCheck": True,
    }
    config = npm / f"tsconfig-{name}.json"
    config.write_text(json.dumps({"compilerOptions": options, "files": [source.name]}), "utf-8")
    run(npm, "node_modules/.bin/tsc", "--project", config.name)
    bundle = f"{name}.mjs"
    run(
        npm, "node_modules/.bin/esbuild", source.name, "--bundle", "--platform=node", "--format=esm",
        f"--outfile={bundle}", "--log-level=error",
        "--banner:js=import{createRequire}from'module';const require=createRequire(import.meta.url);",
    )  # fmt: skip
    assert run(npm, "node", bundle, origin) == ""


def calls(one: Callable[[Read], str]) -> str:
    """Return a check of each read."""
    return "\n".join(f"await check({js(read.operation)}, async () => {one(read)});" for read in READS)


def test_there_are_twenty_resources_to_read() -> None:
    assert len(READS) >= 20


def test_spectral_finds_nothing(npm: Path) -> None:
    found = run(
        npm, "node_modules/.bin/spectral", "lint", "openapi.json", "--ruleset", "spectral.yaml",
        "--fail-severity", "warn",
    )  # fmt: skip
    assert "No results with a severity of 'warn' or higher found!" in found


def test_redocly_finds_nothing(npm: Path) -> None:
    found = run(
        npm,
        "node_modules/.bin/redocly",
        "lint",
        "openapi.json",
        "--extends",
        "recommended",
        "--format",
        "json",
    )
    assert '"errors": 0' in found
    assert '"warnings": 0' in found


def test_hey_api(npm: Path, base_url: str) -> None:
    run(npm, "node_modules/.bin/openapi-ts", "-i", "openapi.json", "-o", "hey")

    def call(read: Read) -> str:
        given = {"path": read.values, "query": read.query}
        given = {name: values for name, values in given.items() if values}
        options = f"{{ baseUrl: origin, ...{js(given)} as const }}"
        return f"(await sdk.{camel(read.operation)}({options})).data !== undefined"

    compile_and_read(
        npm, "hey-driver", 'import * as sdk from "./hey/index.js";\n' + _CHECK + calls(call), base_url
    )


def test_orval_fetch_and_zod(npm: Path, base_url: str) -> None:
    config = npm / "orval.config.mjs"
    config.write_text(config.read_text("utf-8").replace("ORIGIN", base_url), "utf-8")
    run(npm, "node_modules/.bin/orval", "--config", config.name)

    def call(read: Read) -> str:
        arguments = [js(value) for value in read.values.values()]
        if read.query:
            arguments.append(js(read.query))
        answer = f"await api.{camel(read.operation)}({', '.join(arguments)})"
        schema = f"zod.{camel(read.operation, upper=True)}Response"
        valid = f"{schema}.safeParse(answer.data).success"
        return f"{{ const answer = {answer}; return answer.status === 200 && {valid}; }}"

    driver = (
        'import * as api from "./orval/fetch";\nimport * as zod from "./orval/zod";\n' + _CHECK + calls(call)
    )
    compile_and_read(npm, "orval-driver", driver, base_url)


def test_kubb(npm: Path, base_url: str) -> None:
    run(npm, "node_modules/.bin/kubb", "generate")

    def call(read: Read) -> str:
        given = {**{camel(name): value for name, value in read.values.items()}}
        if read.query:
            given["params"] = read.query
        argument = f"{js(given)} as const, " if given else ""
        return f"(await kubb.{camel(read.operation)}({argument}{{ baseURL: origin }})) !== undefined"

    compile_and_read(
        npm, "kubb-driver", 'import * as kubb from "./kubb/index.ts";\n' + _CHECK + calls(call), base_url
    )


def test_openapi_zod_client(npm: Path, base_url: str) -> None:
    """The client checks every answer against its schemas, and throws if one does not fit."""
    run(npm, "node_modules/.bin/openapi-zod-client", "openapi.json", "-o", "zodios.ts", "--export-schemas")

    def call(read: Read) -> str:
        given = {"params": read.values, "queries": read.query}
        given = {name: values for name, values in given.items() if values}
        return f"(await api.{read.operation}({js(given)} as never)) !== undefined"

    driver = 'import { createApiClient } from "./zodios";\n' + _CHECK
    driver += "const api = createApiClient(origin, { validate: true });\n" + calls(call)
    compile_and_read(npm, "zodios-driver", driver, base_url)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `bin` folder of an environment with the locked Python generators."""
    folder = tmp_path_factory.mktemp("python-generators") / "venv"
    run(ROOT, sys.executable, "-m", "venv", folder)
    lock = ROOT / "requirements/generators.txt"
    run(ROOT, folder / "bin/pip", "--quiet", "install", "--require-hashes", "--requirement", lock)
    return folder / "bin"


def test_datamodel_code_generator(python: Path, tmp_path: Path, base_url: str) -> None:
    """The generated models pass strict mypy, and validate every answer."""
    run(
        tmp_path, python / "datamodel-codegen", "--input", ROOT / "openapi.json", "--output", "models.py",
        "--output-model-type", "pydantic_v2.BaseModel", "--use-annotated", "--target-python-version", "3.11",
        "--use-union-operator", "--use-standard-collections",
    )  # fmt: skip
    run(tmp_path, python / "mypy", "--strict", "models.py")
    assert not re.search(
        r"^class \w*(?<![A-Za-z])(Kind|State|How)\d",
        (tmp_path / "models.py").read_text("utf-8"),
        re.MULTILINE,
    )
    models = {read.operation: _model(read) for read in READS}
    (tmp_path / "reads.json").write_text(
        json.dumps([[_url(read), models[read.operation]] for read in READS]), "utf-8"
    )
    (tmp_path / "driver.py").write_text(
        "import json, sys, urllib.request, models\n"
        "for url, name in json.load(open('reads.json')):\n"
        "    body = urllib.request.urlopen(sys.argv[1] + url).read()\n"
        "    if name is not None:\n"
        "        getattr(models, name).model_validate_json(body)\n",
        "utf-8",
    )
    assert run(tmp_path, python / "python", "driver.py", base_url) == ""


def test_openapi_generator_python(python: Path, tmp_path: Path, base_url: str) -> None:
    _openapi_generator(python, tmp_path, "python", "packageName=ladder_client")
    run(tmp_path, python / "mypy", "--ignore-missing-imports", "client/ladder_client")
    lines = [
        "import sys, ladder_client",
        "api = ladder_client.ApiClient(ladder_client.Configuration(host=sys.argv[1]))",
    ]
    for read in READS:
        arguments = ", ".join([*(repr(value) for value in read.values.values()), *_keywords(read)])
        owner = f"ladder_client.{camel(read.tag.replace('-', '_'), upper=True)}Api"
        lines.append(f"assert {owner}(api).{read.operation}({arguments}) is not None")
    (tmp_path / "driver.py").write_text("\n".join(lines), "utf-8")
    run(tmp_path, python / "python", "driver.py", base_url, PYTHONPATH=str(tmp_path / "client"))


def test_openapi_generator_go(python: Path, tmp_path: Path, base_url: str) -> None:
    assert shutil.which("go"), "Go is missing. Debian, Ubuntu: apt install golang-go."
    _openapi_generator(python, tmp_path, "go", "packageName=ladder")
    client = tmp_path / "client"
    shutil.rmtree(client / "test", ignore_errors=True)  # its tests need a package that is not generated
    (client / "go.mod").write_text("module example.org/ladder\n\ngo 1.19\n", "utf-8")
    calls = "".join(
        f"\t_, _, err = client.{camel(read.tag.replace('-', '_'), upper=True)}API."
        f"{camel(read.operation, upper=True)}({', '.join(['ctx', *(js(value) for value in read.values.values())])})"
        f"{_go_query(read)}.Execute()\n\tcheck({js(read.operation)}, err)\n"
        for read in READS
    )
    driver = client / "cmd/driver/main.go"
    driver.parent.mkdir(parents=True)
    driver.write_text(
        'package main\n\nimport (\n\t"context"\n\t"fmt"\n\t"os"\n\n\tladder "example.org/ladder"\n)\n\n'
        "func check(name string, err error) {\n\tif err != nil {\n\t\tfmt.Println(name, err)\n"
        "\t\tos.Exit(1)\n\t}\n}\n\n"
        "func main() {\n\tconfiguration := ladder.NewConfiguration()\n"
        "\tconfiguration.Servers = ladder.ServerConfigurations{{URL: os.Args[1]}}\n"
        "\tclient, ctx := ladder.NewAPIClient(configuration), context.Background()\n\tvar err error\n"
        f"{calls}}}\n",
        "utf-8",
    )
    environment = {"GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOCACHE": str(tmp_path / "cache")}
    run(client, "go", "vet", "./...", **environment)
    run(client, "go", "run", "./cmd/driver", base_url, **environment)


def test_openapi_generator_typescript_fetch(python: Path, npm: Path, base_url: str) -> None:
    _openapi_generator(python, npm, "typescript-fetch", "supportsES6=true", "typescript-fetch")

    def call(read: Read) -> str:
        given = {camel(name): value for name, value in {**read.values, **read.query}.items()}
        owner = f"client.{camel(read.tag.replace('-', '_'), upper=True)}Api"
        argument = js(given) if given else ""
        return f"(await new {owner}(configuration).{camel(read.operation)}({argument})) !== undefined"

    driver = 'import * as client from "./typescript-fetch/src/index";\n' + _CHECK
    driver += "const configuration = new client.Configuration({ basePath: origin });\n" + calls(call)
    compile_and_read(npm, "typescript-fetch-driver", driver, base_url)


def _openapi_generator(python: Path, folder: Path, name: str, option: str, output: str = "client") -> None:
    """Run one of the generators of openapi-generator, which needs Java."""
    assert shutil.which("java"), "Java is missing. Debian, Ubuntu: apt install default-jre-headless."
    run(
        folder, python / "openapi-generator-cli", "generate", "--input-spec", ROOT / "openapi.json",
        "--generator-name", name, "--output", output, "--additional-properties", option,
    )  # fmt: skip


def _url(read: Read) -> str:
    path = read.path.format(**{name: quote(str(value), safe="@") for name, value in read.values.items()})
    return f"{path}?{urlencode(read.query)}" if read.query else path


def _model(read: Read) -> str | None:
    """Return the name of the schema of the JSON answer, or None if it has no name."""
    document: dict[str, Any] = json.loads((ROOT / "openapi.json").read_text("utf-8"))
    content = document["paths"][read.path]["get"]["responses"]["200"]["content"]
    reference: str | None = content["application/json"]["schema"].get("$ref")
    return reference and reference.rpartition("/")[2]


def _keywords(read: Read) -> Sequence[str]:
    reserved = {"from": "var_from", "with": "var_with"}
    return [f"{reserved.get(name, name)}={value!r}" for name, value in read.query.items()]


def _go_query(read: Read) -> str:
    return "".join(f".{camel(name, upper=True)}({js(value)})" for name, value in read.query.items())
