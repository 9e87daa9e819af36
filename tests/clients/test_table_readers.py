"""Programs that read tables get every row and every text: pandas, DuckDB, and clients that send no headers.

`make check-tools` runs the tests that need packages of their own.
"""

import csv
import io
import json
import socket
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from app.formats.sheets.columns import COLUMNS, NUMBERS
from tests.clients.generated import run

HOME: Final = "/v1/ladders/example-engineering@1.1.0"
_PANDAS: Final = """
import json, sys
import pandas as pd

found = {}
for name in json.loads(sys.argv[2]):
    frame = pd.read_csv(f"{sys.argv[1]}/{name}.csv?guard=false", keep_default_na=False, dtype=str)
    records = pd.read_json(f"{sys.argv[1]}/{name}.json", dtype=False, convert_dates=False)
    found[name] = {"csv": frame.to_dict("records"), "json": [len(records), list(records.columns)]}
print(json.dumps(found))
"""
_DUCKDB: Final = """
import json, sys, urllib.request
import duckdb

found = {}
for name in json.loads(sys.argv[2]):
    for file in (f"{name}.csv", f"{name}.json"):
        query = "?guard=false" if file.endswith("csv") else ""
        urllib.request.urlretrieve(f"{sys.argv[1]}/{file}{query}", file)
    read = f"read_csv('{name}.csv', header = true, all_varchar = true)"
    rows = duckdb.sql(f"SELECT * FROM {read}")
    texts = [dict(zip(rows.columns, ["" if cell is None else cell for cell in row])) for row in rows.fetchall()]
    count = duckdb.sql(f"SELECT count(*) FROM read_json('{name}.json')").fetchall()[0][0]
    found[name] = {"csv": texts, "json": count}
print(json.dumps(found))
"""


def rows_of(base_url: str, table: str) -> list[dict[str, str]]:
    """Return the rows of a table in JSON as texts, as a CSV file has them."""
    found = json.loads(plain_get(base_url, f"{HOME}/{table}.json"))
    return [{name: "" if value is None else str(value) for name, value in row.items()} for row in found]


def plain_get(base_url: str, path: str) -> bytes:
    """Read a body as spreadsheets do: with no header but Host."""
    address = urlsplit(base_url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    return body


def unlike_numbers(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{name: cell for name, cell in row.items() if name not in NUMBERS} for row in rows]


@pytest.mark.tools
@pytest.mark.parametrize("script", [_PANDAS, _DUCKDB], ids=["pandas", "duckdb"])
def test_a_data_frame_has_every_row_and_every_text(
    script: str, python: Path, tmp_path: Path, base_url: str
) -> None:
    (tmp_path / "driver.py").write_text(script, "utf-8")
    names = json.dumps(list(COLUMNS))
    found = json.loads(run(tmp_path, python / "python", "driver.py", f"{base_url}{HOME}", names))
    for name in COLUMNS:
        expected = rows_of(base_url, name)
        assert unlike_numbers(found[name]["csv"]) == unlike_numbers(expected)
        counted = found[name]["json"]
        assert counted in (len(expected), [len(expected), list(COLUMNS[name])])


@pytest.mark.parametrize("table", COLUMNS)
def test_a_client_that_sends_no_headers_gets_the_table(table: str, base_url: str) -> None:
    """IMPORTDATA and Excel's From Web choose the format by the URL alone."""
    text = plain_get(base_url, f"{HOME}/{table}.csv?guard=false").decode()
    read = list(csv.DictReader(io.StringIO(text, newline="")))
    assert unlike_numbers(read) == unlike_numbers(rows_of(base_url, table))


@pytest.mark.parametrize("table", COLUMNS)
def test_the_json_of_a_table_is_an_array_of_flat_rows(table: str, base_url: str) -> None:
    """Grafana's Infinity source reads it with the root selector `$`; every cell is a text, a number or null."""
    found = json.loads(plain_get(base_url, f"{HOME}/{table}.json"))
    for row in found:
        assert list(row) == list(COLUMNS[table])
        for name, value in row.items():
            assert isinstance(value, int | float | None) if name in NUMBERS else isinstance(value, str)
