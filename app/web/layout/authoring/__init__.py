"""Shared parts of the pages for authors: pages about a ladder with their forms, and the changes of a draft."""
