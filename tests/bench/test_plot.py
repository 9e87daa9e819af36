"""Charts are well-formed SVG, with every line and point within its panel."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from bench.plot import Chart, draw

SVG = "{http://www.w3.org/2000/svg}"
positive = st.floats(1e-3, 1e6)
lines = st.lists(st.tuples(positive, positive), min_size=1, max_size=5, unique_by=lambda point: point[0])


def drawn(*charts: Chart) -> ET.Element:
    return ET.fromstring(draw(charts))  # noqa: S314 - our own text


@given(lines)
def test_every_point_lies_within_its_panel(points: list[tuple[float, float]]) -> None:
    sheet = drawn(Chart("Title", "x", "y", {"a": tuple(sorted(points))}, proportional=True))
    circles = sheet.findall(f".//{SVG}circle")
    assert len(circles) == len(points)
    assert all(62 <= float(circle.attrib["cx"]) <= 354 for circle in circles)
    assert all(40 <= float(circle.attrib["cy"]) <= 222 for circle in circles)


@given(lines)
def test_the_line_of_proportion_stays_within_its_panel(points: list[tuple[float, float]]) -> None:
    sheet = drawn(Chart("Title", "x", "y", {"a": tuple(sorted(points))}, proportional=True))
    (dashed,) = (line for line in sheet.findall(f".//{SVG}line") if "stroke-dasharray" in line.attrib)
    assert 40 - 0.1 <= float(dashed.attrib["y2"]) <= 222
    assert 62 <= float(dashed.attrib["x2"]) <= 354 + 0.1


def test_charts_stand_two_in_a_row_with_their_words_escaped() -> None:
    chart = Chart("Speed & <size>", "ladders", "seconds", {"ours": ((1, 2), (100, 3))})
    sheet = drawn(chart, chart, chart)
    assert sheet.attrib["viewBox"] == "0 0 760 600"
    places = [group.attrib["transform"] for group in sheet.findall(f"{SVG}g")]
    assert places == ["translate(0 0)", "translate(380 0)", "translate(0 300)"]
    texts = [text.text for text in sheet.findall(f".//{SVG}text")]
    assert texts.count("Speed & <size>") == 3
    assert texts.count("ours") == 3
