"""Searching a ladder: its documents and their tokens, what is asked, what answers how well, what is shown."""

from app.rubric.searching.documents import KINDS, Document, Part, documents_of
from app.rubric.searching.entries import Entry, entry_of
from app.rubric.searching.query import Question, read_question
from app.rubric.searching.ranking import Filters, ranked, score
from app.rubric.searching.snippets import Segment, Showing, Shown
from app.rubric.searching.spelling import respelled
from app.rubric.searching.words import ANALYSIS

__all__ = [
    "ANALYSIS",
    "KINDS",
    "Document",
    "Entry",
    "Filters",
    "Part",
    "Question",
    "Segment",
    "Showing",
    "Shown",
    "documents_of",
    "entry_of",
    "ranked",
    "read_question",
    "respelled",
    "score",
]
