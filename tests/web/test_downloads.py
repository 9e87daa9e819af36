"""Pages link to what people take into a spreadsheet or onto paper."""

import re

import pytest
from starlette.testclient import TestClient

from tests.api.serving import EXAMPLE

HOME = EXAMPLE.removeprefix("/v1")


@pytest.mark.parametrize(
    ("page", "texts"),
    [
        ("", {"The whole ladder as an Excel workbook", "All its texts as a table (CSV)"}),
        ("/matrix", {"Download as CSV", "Download as Excel workbook", "Print"}),
        ("/levels/l4", {"CSV", "XLSX", "Print this track"}),
    ],
)
def test_a_page_links_to_its_downloads(client: TestClient, page: str, texts: set[str]) -> None:
    body = client.get(f"{HOME}@1.0.0{page}").text
    links = {
        text: url.replace("&amp;", "&")
        for url, text in re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', body)
    }
    assert texts <= links.keys()
    for text in texts:
        answer = client.get(links[text])
        assert answer.status_code == 200, links[text]
        assert "@1.0.0" in links[text]
