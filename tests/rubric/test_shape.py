"""The shape of the model as read from its classes."""

from app.rubric.ladder import Attribute, Ladder, Level, Licence
from app.rubric.parts import Example, Link
from app.rubric.shape import Property, Written, document_order, properties, written


def test_properties_say_what_they_hold() -> None:
    found = properties(Level)
    assert {
        name: found[name] for name in ("slug", "title", "other_titles", "summary", "attributes", "rank")
    } == {
        "slug": Property(0, None, None, many=False, required=True),
        "title": Property(4, "line", None, many=False, required=True),
        "other_titles": Property(5, "line", None, many=True, required=False),
        "summary": Property(6, "text", None, many=False, required=False),
        "attributes": Property(8, None, Attribute, many=True, required=False),
        "rank": Property(3, None, None, many=False, required=False),
    }
    assert found["examples"].part is Example
    assert properties(Ladder)["licence"].part is Licence


def test_texts_come_in_document_order_without_those_of_inner_entities() -> None:
    level = Level(
        slug="l5",
        track="ic",
        title="T",
        other_titles=("O",),
        summary="",
        attributes=(Attribute(title="Reach", items=("team",)),),
        examples=(Example(text="not here"),),
        references=(Link(title="R", url="u"),),
    )
    assert list(written(level)) == [
        Written("title", "T", "line", required=True),
        Written("other_titles/0", "O", "line", required=True),
        Written("summary", "", "text", required=False),
        Written("attributes/0/title", "Reach", "line", required=True),
        Written("attributes/0/items/0", "team", "text", required=True),
        Written("references/0/title", "R", "line", required=True),
        Written("references/0/url", "u", "line", required=True),
    ]


def test_pointers_sort_in_document_order() -> None:
    pointers = [
        "",
        "/title",
        "/tracks/2",
        "/tracks/10",
        "/levels/0",
        "/levels/0/track",
        "/levels/0/title",
        "/formerly/0",
    ]
    mixed = pointers[::-1]
    assert sorted(mixed, key=lambda pointer: document_order(pointer, Ladder)) == pointers
