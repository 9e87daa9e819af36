"""TypeScript clients made by public generators, unhelped, compile strictly and read every open JSON resource.

They also read what a later version of the service sends. Those with zod check every body. `make check-tools` runs
these tests.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.clients.generated import READS, camel, run
from tests.clients.operations import Read
from tests.clients.typescript import ZODIOS, compile_and_read, js, zodios_call

pytestmark = pytest.mark.tools


def test_there_are_twenty_resources_to_read() -> None:
    assert len(READS) >= 20


def test_hey_api(npm: Path, origins: Sequence[str]) -> None:
    run(npm, "node_modules/.bin/openapi-ts", "-i", "openapi.json", "-o", "hey")

    def call(read: Read) -> str:
        given = {"path": read.values, "query": read.query}
        given = {name: values for name, values in given.items() if values}
        options = f"{{ baseUrl: origin, ...{js(given)} as const }}"
        return f"(await sdk.{camel(read.operation)}({options})).data"

    compile_and_read(npm, "hey-driver", 'import * as sdk from "./hey/index.js";', call, origins)


def test_orval_fetch_and_zod(npm: Path, origins: Sequence[str]) -> None:
    """The fetch client reads, and the zod schemas check what it read."""
    run(npm, "node_modules/.bin/orval", "--config", "orval.config.mjs")

    def call(read: Read) -> str:
        arguments = [js(value) for value in read.values.values()]
        if read.query:
            arguments.append(js(read.query))
        schema = f"zod.{camel(read.operation, upper=True)}Response"
        return f"{schema}.parse((await api.{camel(read.operation)}({', '.join(arguments)})).data)"

    imports = (
        'import * as api from "./orval/fetch";\nimport * as zod from "./orval/zod";\n'
        "const send = globalThis.fetch;\n"
        "globalThis.fetch = (url, options) => send(new URL(String(url), process.argv[2]), options);"
    )
    compile_and_read(npm, "orval-driver", imports, call, origins)


def test_kubb(npm: Path, origins: Sequence[str]) -> None:
    """The client checks every body against its zod schemas, and throws if one does not fit."""
    run(npm, "node_modules/.bin/kubb", "generate")

    def call(read: Read) -> str:
        given = {**{camel(name): value for name, value in read.values.items()}}
        if read.query:
            given["params"] = read.query
        arguments = f"{js(given)} as const, " if given or read.tag != "health" else ""
        return f"kubb.{camel(read.operation)}({arguments}{{ baseURL: origin }})"

    compile_and_read(npm, "kubb-driver", 'import * as kubb from "./kubb/index.ts";', call, origins)


def test_openapi_zod_client(npm: Path, origins: Sequence[str]) -> None:
    """The client checks every body against its schemas, and throws if one does not fit."""
    run(npm, "node_modules/.bin/openapi-zod-client", "openapi.json", "-o", "zodios.ts", "--export-schemas")
    compile_and_read(npm, "zodios-driver", ZODIOS, zodios_call, origins)
