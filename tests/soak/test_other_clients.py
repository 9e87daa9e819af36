"""Clients that ask for HTTP/2 on plain HTTP (`Upgrade: h2c`) and send a body at once: Java's HttpClient and curl."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.api.process import seeded_server
from tests.databases import SqliteDatabases

pytestmark = pytest.mark.soak

BODY: Final = '{"slug": "from-elsewhere"}'
JAVA: Final = """
import java.net.URI;
import java.net.http.*;

public class Post {
    public static void main(String[] given) throws Exception {
        var client = HttpClient.newHttpClient();
        for (int turn = 0; turn < 5; turn++) {
            var request = HttpRequest.newBuilder(URI.create(given[0]))
                .header("Content-Type", "application/json").header("Authorization", "Bearer " + given[1])
                .POST(HttpRequest.BodyPublishers.ofString(given[2])).build();
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            System.out.println(response.statusCode() + " " + response.body());
        }
    }
}
"""


def answers(databases: SqliteDatabases, folder: Path, *command: str) -> list[str]:
    """Return the lines that a command prints that posts the body; `URL` and `KEY` in it are replaced."""
    with seeded_server(databases, folder, "admin") as (server, key):
        given = {"URL": f"{server.url}/v1/ladders", "KEY": key, "BEARER": f"Authorization: Bearer {key}"}
        found = subprocess.run(
            [given.get(word, word) for word in command],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
            cwd=folder,
        )
    return found.stdout.splitlines()


@pytest.mark.skipif(shutil.which("java") is None, reason="needs a JDK")
def test_java_posts(sqlite_databases: SqliteDatabases, tmp_path: Path) -> None:
    (tmp_path / "Post.java").write_text(JAVA)
    lines = answers(sqlite_databases, tmp_path, "java", "Post.java", "URL", "KEY", BODY)
    assert len(lines) == 5
    assert all(
        line.startswith("422 ") and "title" in line for line in lines
    )  # the body was read: its title is missing


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_posts(sqlite_databases: SqliteDatabases, tmp_path: Path) -> None:
    typed = ("-H", "Content-Type: application/json", "-H", "BEARER")
    lines = answers(
        sqlite_databases,
        tmp_path,
        "curl",
        "--silent",
        "--http2",
        *typed,
        "-d",
        BODY,
        "-w",
        "\n%{http_code}",
        "URL",
    )
    assert lines[-1] == "422"
    assert "title" in lines[0]
