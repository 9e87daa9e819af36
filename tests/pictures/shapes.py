"""Ladders of odd shapes to draw."""

from typing import Any

from app.rubric.ladder import Ladder

GERMAN = "Leistungsbeurteilungsgesprächsvorbereitungskompetenz im Großrechenzentrumsbetrieb"
HEBREW = "תכנון מערכות (ארכיטקטורה) ברמה L5"
ARABIC = "القيادة التقنية في فرق كبيرة متعددة التخصصات والمسؤوليات"
JAPANESE = "分散システム設計能力および障害対応に関する総合的な専門知識"
EVIL = "<script>alert(1)</script> & \"'>]]> \x07\x0b \u202eabc \ufffe"
NAMES = ("System design", GERMAN, HEBREW, ARABIC, JAPANESE, EVIL, "W" * 200, "i", "👩‍🚀 Space")


def grid(levels: int, competencies: int, *, tracks: int = 1, steps: int = 5, **more: Any) -> Ladder:  # noqa: ANN401
    """Return a ladder with a cell for each level and competency; without a scale if `steps` is 0."""
    scale = [
        {"slug": f"s{step}", "title": f"Step {step}", "points": step * 2} for step in range(1, steps + 1)
    ]
    body = {
        "slug": "grid",
        "title": "A grid",
        "tracks": [{"slug": f"t{track}", "title": NAMES[track % len(NAMES)]} for track in range(tracks)],
        "scales": [{"slug": "scale", "title": "Scale", "steps": scale}] if steps else [],
        "levels": [
            {
                "slug": f"l{level}",
                "track": f"t{level * tracks // levels}",
                "code": f"L{level}" if level % 3 else None,
                "title": NAMES[level % len(NAMES)],
            }
            for level in range(levels)
        ],
        "competencies": [
            {
                "slug": f"c{place}",
                "title": NAMES[place % len(NAMES)],
                "category": NAMES[place % 4],
                **({"scale": "scale"} if steps else {}),
            }
            for place in range(competencies)
        ],
        "expectations": [
            _cell(level, place, steps) for level in range(levels) for place in range(competencies)
        ],
    }
    return Ladder.model_validate(body | more)


def _cell(level: int, competency: int, steps: int) -> dict[str, Any]:
    """Return one cell. Over all cells, each state occurs."""
    kind = ("required", "required", "optional", "required", "not-in-use")[(level + competency) % 5]
    cell = {"level": f"l{level}", "competency": f"c{competency}", "applicability": kind}
    if kind != "not-in-use":
        cell["summary"] = "Does it."
        if steps and (level * 3 + competency) % 7:
            cell["step"] = f"s{(level + competency) % steps + 1}"
    return cell
