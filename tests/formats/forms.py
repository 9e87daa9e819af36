"""One small ladder in its nested and in its flat form."""

from textwrap import dedent

NESTED = dedent(
    """\
    # yaml-language-server: $schema=ladder.schema.json
    $schema: ladder.schema.json
    slug: acme
    title: Acme
    cumulative: yes
    tracks:
      - slug: ic
        title: Engineer
        levels:
          - slug: l5
            title: Senior
            examples: [Leads a project.]
            expectations:
              - facet: scale
                statements:
                  - Plans for growth.
                  - {text: Measures load., kind: growth, examples: [Ran a load test.]}
              - competency: design
                summary: Designs alone.
          - slug: l6
            title: Staff
    competencies:
      - slug: design
        title: System design
        proficiencies:
          - {step: expert, statements: [Teaches it.]}
        facets:
          - slug: scale
            title: Scale
    """
)
FLAT: dict[str, object] = {
    "slug": "acme",
    "title": "Acme",
    "cumulative": "yes",
    "tracks": [{"slug": "ic", "title": "Engineer"}],
    "levels": [
        {"slug": "l5", "track": "ic", "title": "Senior", "examples": [{"text": "Leads a project."}]},
        {"slug": "l6", "track": "ic", "title": "Staff"},
    ],
    "competencies": [
        {
            "slug": "design",
            "title": "System design",
            "proficiencies": [{"step": "expert", "statements": [{"text": "Teaches it."}]}],
        }
    ],
    "facets": [{"slug": "scale", "competency": "design", "title": "Scale"}],
    "expectations": [
        {
            "level": "l5",
            "competency": "design",
            "facet": "scale",
            "statements": [
                {"text": "Plans for growth."},
                {"text": "Measures load.", "kind": "growth", "examples": [{"text": "Ran a load test."}]},
            ],
        },
        {"level": "l5", "competency": "design", "summary": "Designs alone."},
    ],
}
