"""TypeScript types made from the OpenAPI document compile, and a typed client reads every resource.

A second client checks every body against zod schemas. It also reads what a later version of the service sends: new
values of open lists, and new fields.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.clients.generated import READS, ROOT, run
from tests.clients.operations import Read
from tests.clients.typescript import ZODIOS, bundle_and_read, write, zodios_call
from tests.docs.pages import blocks, text_of

HERE: Final = Path(__file__).parent
_MISSING: Final = "npm is missing. Debian, Ubuntu: apt install npm; elsewhere install Node.js."
_HEAD: Final = """\
import createClient from "openapi-fetch";
import type { paths } from "./ladder";

declare const process: { argv: string[]; exitCode: number };
declare const console: { log(text: string): void };
const client = createClient<paths>({ baseUrl: process.argv[2] });

function check(operation: string, answer: { data?: unknown; error?: unknown; response: Response }): void {
  if (answer.data !== undefined && answer.error === undefined && answer.response.status === 200) return;
  console.log(`${operation}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  process.exitCode = 1;
}

const level = await client.GET("/v1/ladders/{ladder}/levels/{level}", {
  params: { path: { ladder: "netflix-engineering", level: "l5" } },
});
const title: string | undefined = level.data?.title;
if (title !== "Senior individual contributor") process.exitCode = 1;
"""
_STRICT: Final = (
    "--strict", "--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler",
    "--lib", "es2022,dom,dom.iterable",
)  # fmt: skip
_WRONG: Final = (
    'client.GET("/v1/laders", {});',
    'client.GET("/v1/ladders", { params: { query: { limt: 5 } } });',
    'const text: string | undefined = (await client.GET("/v1/ladders", {})).data?.itmes;',
)
"""Statements that name what is not in the document: a path, a parameter, a property."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Provide a folder with the locked packages and the generated types."""
    if shutil.which("npm") is None:
        if os.environ.get("CI") == "true":
            pytest.fail(_MISSING)
        pytest.skip(_MISSING)
    folder = tmp_path_factory.mktemp("typescript")
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(HERE / name, folder / name)
    run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
    run(folder, "node_modules/.bin/openapi-typescript", str(ROOT / "openapi.json"), "-o", "ladder.d.ts")
    return folder


@pytest.fixture(scope="module")
def said(project: Path) -> dict[str, list[str]]:
    """Return the compiler's messages on the two programs, by file. It leaves JavaScript next to them."""
    (project / "read.ts").write_text(_HEAD + "".join(map(_call, READS)), "utf-8")
    (project / "wrong.ts").write_text(_HEAD + "\n".join(_WRONG), "utf-8")
    done = subprocess.run(
        ["node_modules/.bin/tsc", *_STRICT, "--skipDefaultLibCheck", "read.ts", "wrong.ts"],
        cwd=project, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    for line in filter(lambda line: not line.startswith(" "), done.stdout.splitlines()):
        found.setdefault(line.partition("(")[0], []).append(line)
    return found


def test_a_typed_client_reads_every_resource(
    project: Path, said: dict[str, list[str]], origins: Sequence[str]
) -> None:
    """The compiler has no message about the program, nor about the types."""
    assert said.keys() == {"wrong.ts"}
    for origin in origins:
        assert run(project, "node", "read.js", origin) == ""


def test_a_client_that_checks_every_body_reads_today_and_tomorrow(
    project: Path, origins: Sequence[str]
) -> None:
    generator = "node_modules/.bin/openapi-zod-client"
    run(project, generator, str(ROOT / "openapi.json"), "-o", "zodios.ts", "--export-schemas")
    bundle_and_read(project, write(project, "zodios-driver", ZODIOS, zodios_call), origins)


def test_a_name_that_is_not_in_the_document_does_not_compile(said: dict[str, list[str]]) -> None:
    """The types are not `any`: they refuse a path, a parameter and a property that are not there."""
    first = _HEAD.count("\n") + 1
    lines = {int(line) for line in re.findall(r"wrong\.ts\((\d+),", "\n".join(said["wrong.ts"]))}
    assert lines == {first, first + 1, first + 2}, said


def test_the_react_recipe_of_the_docs_compiles_and_reads_once(project: Path, base_url: str) -> None:
    parts = [
        block.text
        for block in blocks(text_of("docs/how-to/show-in-react.md"))
        if block.language in {"ts", "tsx"}
    ]
    (project / "ladder.ts").write_text(parts[0], "utf-8")
    use = f'import {{ LadderLevels }} from "./levels";\nexport const element = {parts[2].strip()};\n'
    (project / "levels.tsx").write_text(parts[1], "utf-8")
    (project / "use.tsx").write_text(use, "utf-8")
    run(
        project, "node_modules/.bin/tsc", *_STRICT, "--jsx", "react-jsx", "ladder.ts", "levels.tsx", "use.tsx"
    )
    (project / "again.mjs").write_text(
        'import { read } from "./ladder.js";\n'
        "const first = await read(process.argv[2]);\n"
        "const second = await read(process.argv[2], first);\n"
        "console.log(second === first, first.body.items.length > 0);\n",
        "utf-8",
    )
    url = f"{base_url}/v1/ladders/example-engineering/levels?fields=code,summary"
    assert run(project, "node", "again.mjs", url) == "true true\n"


def _call(read: Read) -> str:
    given = {name: values for name, values in (("path", read.values), ("query", read.query)) if values}
    call = f"client.GET({json.dumps(read.path)}, {json.dumps({'params': given})})"
    return f'check("{read.operation}", await {call});\n'
