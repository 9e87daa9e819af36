"""A server's log masks keys and tokens from any part of a request."""

from pathlib import Path

import httpx
import pytest

from tests.api.process import eventually, running
from tests.databases import SqliteDatabases

JWT = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.Zm9vLWJhcl9iYXo"
KEY = "clk_abcdefghij_0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("secret", [JWT, KEY, f"x{JWT}", f"x{KEY}"])
def test_the_log_shows_no_secret_of_a_request(
    sqlite_databases: SqliteDatabases, tmp_path: Path, secret: str
) -> None:
    hidden = secret.rpartition("." if "." in secret else "_")[2]
    with sqlite_databases.fresh("migrated") as url, running(tmp_path, url, LADDER_ACCESS_LOG="all") as server:
        with server.client() as client:
            sent: list[httpx.Response] = [
                client.get(f"/v1/ladders/{secret}"),
                client.get(f"/ladders/{secret}"),
                client.get("/v1/ladders", params={"access_token": secret, secret: "x"}),
                client.get("/v1/ladders", headers={"x-request-id": secret, "user-agent": secret}),
                client.get("/v1/ladders", headers={"authorization": f"Bearer {secret}", "referer": secret}),
                client.get("/v1/ladders", headers={"accept": secret, "cookie": f"session={secret}"}),
                client.put(f"/v1/ladders/{secret}@draft/document", content=secret),
            ]
        assert all(answer.status_code < 500 for answer in sent)
        eventually(lambda: server.log.count('"logger": "access"') >= len(sent), "requests are missing")
        assert hidden not in server.log
        assert "***" in server.log
