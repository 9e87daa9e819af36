"""Files for other systems over HTTP."""

from starlette.testclient import TestClient

from tests.api.serving import EXAMPLE, FIXED, NETFLIX, PINNED, problem


def test_all_profiles_are_listed_with_their_columns(client: TestClient) -> None:
    answer = client.get("/v1/export-profiles")
    assert answer.headers["cache-control"] == FIXED
    items = {item["name"]: item for item in answer.json()["items"]}
    assert items["15five-paths"]["column_names"] == [
        "Path",
        "Job title",
        "Competency",
        "Skill",
        "Key behavior",
    ]
    assert [name for name, item in items.items() if item["needs_track"]] == ["15five-paths"]


def test_a_file_has_the_header_of_its_system_and_names_the_release(client: TestClient) -> None:
    track = client.get(f"{EXAMPLE}@1.0.0/tracks").json()["items"][0]["slug"]
    answer = client.get(f"{EXAMPLE}@1.0.0/exports/15five-paths?track={track}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    name = "example-engineering-1.0.0-15five-paths.csv"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["cache-control"] == PINNED
    assert f'<{EXAMPLE}/releases/1.0.0>; rel="describedby"' in answer.headers["link"]
    assert answer.text.startswith("Path,Job title,Competency,Skill,Key behavior\r\n")


def test_every_profile_exports_every_seed(client: TestClient) -> None:
    for home in (f"{EXAMPLE}@1.1.0", f"{NETFLIX}@1.0.0"):
        track = client.get(f"{home}/tracks").json()["items"][0]["slug"]
        for item in client.get("/v1/export-profiles").json()["items"]:
            answer = client.get(f"{home}/exports/{item['name']}?track={track}&shorten=true&guard=true")
            assert answer.status_code == 200, (home, item["name"], answer.text)


def test_what_cannot_be_exported_is_an_error(client: TestClient) -> None:
    assert problem(client.get(f"{EXAMPLE}/exports/15five-paths"))[:2] == (422, "invalid")
    assert problem(client.get(f"{EXAMPLE}/exports/workday"))[:2] == (404, "not-found")
