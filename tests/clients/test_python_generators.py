"""Python models made by a public generator, unhelped, pass strict mypy and validate every open JSON resource.

They also take what a later version of the service sends. `make check-tools` runs this test.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from tests.clients.generated import READS, ROOT, assert_reads_everything, run, schema_names, url_of

pytestmark = pytest.mark.tools

_DRIVER: Final = """
import json, sys, typing, urllib.request, models
from pydantic import TypeAdapter

def read(url, name, item):
    body = urllib.request.urlopen(sys.argv[1] + url).read()
    kind = getattr(models, name) if name else list[getattr(models, item)] if item else typing.Any
    model = TypeAdapter(kind)
    return model.dump_python(model.validate_json(body), mode="json", by_alias=True, exclude_unset=True)

found = {operation: read(*asked) for operation, *asked in json.load(open("reads.json"))}
print(json.dumps(found))
"""


def test_datamodel_code_generator(python: Path, tmp_path: Path, origins: Sequence[str]) -> None:
    run(
        tmp_path, python / "datamodel-codegen", "--input", ROOT / "openapi.json", "--output", "models.py",
        "--output-model-type", "pydantic_v2.BaseModel", "--use-annotated", "--target-python-version", "3.11",
        "--use-union-operator", "--use-standard-collections",
    )  # fmt: skip
    run(tmp_path, python / "mypy", "--strict", "models.py")
    models = (tmp_path / "models.py").read_text("utf-8")
    assert not re.search(r"^class [A-Za-z]*\d\b", models, re.MULTILINE), "A schema has no name of its own."
    asked = [[read.operation, url_of(read), *schema_names(read)] for read in READS]
    (tmp_path / "reads.json").write_text(json.dumps(asked), "utf-8")
    (tmp_path / "driver.py").write_text(_DRIVER, "utf-8")
    assert_reads_everything(tmp_path, python / "python", "driver.py", origins=origins)
