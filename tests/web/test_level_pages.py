"""The pages around a level: the stepper, checking oneself, changes by release, and the glossary."""

import re
from urllib.parse import urlencode

from starlette.testclient import TestClient

from tests.api.serving import EXAMPLE

HOME = EXAMPLE.removeprefix("/v1")
FORM = {"content-type": "application/x-www-form-urlencoded"}


def page(client: TestClient, path: str) -> str:
    answer = client.get(HOME + path)
    assert answer.status_code == 200
    return answer.text


def test_every_page_of_a_level_links_to_all_levels_and_marks_its_own(client: TestClient) -> None:
    for path in ("", "/check", "/history"):
        stepper = re.search(r'<nav class="stepper".*?</nav>', page(client, f"/levels/l5{path}"), re.DOTALL)
        assert stepper is not None
        codes = re.findall(r">(L3|L4|L5|L6|L7|M1|M2|M3)</a>", stepper[0])
        assert codes == ["L3", "L4", "L5", "L6", "L7", "M1", "M2", "M3"]
        assert re.findall(r'aria-current="true"[^>]*>(\w+)<', stepper[0]) == ["L5"]


def test_a_level_says_once_for_each_competency_what_lower_levels_expect(client: TestClient) -> None:
    text = page(client, "/levels/l5")
    blocks = text.split('<section class="block"')[1:]
    assert len(blocks) == 7
    assert [block.count("Also expected from") for block in blocks] == [1] * 7
    assert "Also expected from L3 and L4</summary>" in text


def test_a_step_links_to_its_meaning(client: TestClient) -> None:
    url = re.search(r'href="([^"]+/glossary)#(step:[^"]+)"', page(client, "/levels/l5"))
    assert url is not None
    assert f'id="{url[2]}"' in client.get(url[1]).text


def test_the_glossary_explains_each_kind_that_the_ladder_uses(client: TestClient) -> None:
    text = page(client, "/glossary")
    assert re.findall(r'id="kind:([\w-]+)"', text) == ["indicator", "growth", "complementary"]
    assert "Goes beyond this level." in text


def test_a_check_shows_what_is_met_and_missing_and_stores_nothing(client: TestClient) -> None:
    form = page(client, "/levels/l5/check")
    action = re.search(r'action="([^"]+/check)#result"', form)
    assert action is not None
    assert "@1.1.0/levels/l5/check" in action[1]
    filled = urlencode({"system-design-mastery": "working", "individual-contribution": "leading"})
    answer = client.post(action[1], content=filled, headers=FORM)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    result = re.search(r'id="result".*?</section>', answer.text, re.DOTALL)
    assert result is not None
    assert "1 met, 1 below" in result[0]
    assert "Statements that you did not tick" in result[0]
    assert re.search(r'name="system-design-mastery" value="working" checked', answer.text)
    assert " checked>" not in page(client, "/levels/l5/check")


def test_a_ticked_statement_is_not_open(client: TestClient) -> None:
    form = page(client, "/levels/l5/check")
    names = re.findall(r'type="checkbox" name="([^"]+)"', form)
    answer = client.post(
        f"{HOME}/levels/l5/check", content=urlencode(dict.fromkeys(names, "on")), headers=FORM
    )
    assert answer.status_code == 200
    assert "Statements that you did not tick" not in answer.text


def test_the_result_of_a_check_can_be_downloaded_as_markdown(client: TestClient) -> None:
    filled = urlencode({"system-design-mastery": "working", "as": "markdown"})
    answer = client.post(f"{HOME}/levels/l5/check", content=filled, headers=FORM)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="l5-check.md"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("# Measured against L5 Senior software engineer\n")
    assert "## Missing" in answer.text
    assert "## Open statements" in answer.text


def test_unknown_fields_and_steps_of_a_check_are_ignored(client: TestClient) -> None:
    filled = urlencode({"system-design-mastery": "nope", "no-such": "leading", "x.1": "on"})
    answer = client.post(f"{HOME}/levels/l5/check", content=filled, headers=FORM)
    assert answer.status_code == 200
    assert "0 met, 0 below" in answer.text


def test_a_check_from_another_site_is_refused(client: TestClient) -> None:
    headers = FORM | {"sec-fetch-site": "cross-site"}
    assert client.post(f"{HOME}/levels/l5/check", content="a=b", headers=headers).status_code == 403


def test_the_history_of_a_level_and_of_a_competency_links_to_the_changes(client: TestClient) -> None:
    for kind, path in (("level", "/levels/m1"), ("competency", "/competencies/deep-technical-expertise")):
        text = page(client, f"{path}/history")
        links = re.findall(r'href="([^"]+/diff\?[^"]+)"', text)
        assert len(links) == 1
        assert f"{kind}={path.rpartition('/')[2]}" in links[0]
        assert "First release" in text
        assert client.get(links[0].replace("&amp;", "&")).status_code == 200
