"""Career Ladder API: one place for what each level of a career ladder means."""

__version__ = "0.1.0"
