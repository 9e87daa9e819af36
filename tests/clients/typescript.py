"""TypeScript programs that read every resource through a generated client."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tests.clients.generated import READS, assert_reads_everything, run
from tests.clients.operations import Read

_HEAD: Final = """
const origin = process.argv[2]!;
const found: Record<string, unknown> = {};
async function note(operation: string, read: () => Promise<unknown>): Promise<void> {
  try {
    found[operation] = await read();
  } catch (error) {
    found[operation] = String(error).slice(0, 400);
  }
}
"""
ZODIOS: Final = """import { createApiClient } from "./zodios";
const api = createApiClient(process.argv[2]!, { validate: true });
"""
_OPTIONS: Final = {
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
_REQUIRE: Final = "import{createRequire}from'module';const require=createRequire(import.meta.url);"


def compile_and_read(
    npm: Path, name: str, imports: str, call: Callable[[Read], str], origins: Sequence[str]
) -> None:
    """Compile a program and the client that it imports with all strict checks, then run it (see `write`)."""
    source = write(npm, name, imports, call)
    config = npm / f"tsconfig-{name}.json"
    config.write_text(json.dumps({"compilerOptions": _OPTIONS, "files": [source.name]}), "utf-8")
    run(npm, "node_modules/.bin/tsc", "--project", config.name)
    bundle_and_read(npm, source, origins)


def write(npm: Path, name: str, imports: str, call: Callable[[Read], str]) -> Path:
    """Write a program that prints what a client reads.

    `call` returns an expression whose promise has the body of a read.
    """
    notes = (f"await note({js(read.operation)}, async () => {call(read)});" for read in READS)
    source = npm / f"{name}.ts"
    source.write_text("\n".join([imports, _HEAD, *notes, "console.log(JSON.stringify(found));"]), "utf-8")
    return source


def bundle_and_read(npm: Path, source: Path, origins: Sequence[str]) -> None:
    """Bundle a program with the client that it imports, and run it on each server."""
    bundle = f"{source.stem}.mjs"
    run(
        npm, "node_modules/.bin/esbuild", source.name, "--bundle", "--platform=node", "--format=esm",
        f"--outfile={bundle}", "--log-level=error", f"--banner:js={_REQUIRE}",
    )  # fmt: skip
    assert_reads_everything(npm, "node", bundle, origins=origins)


def zodios_call(read: Read) -> str:
    """Return the call of a client made by openapi-zod-client."""
    given = {"params": read.values, "queries": read.query}
    given = {name: values for name, values in given.items() if values}
    return f"api.{read.operation}({js(given)} as never)"


def js(value: object) -> str:
    """Return a value as JavaScript."""
    return json.dumps(value)
