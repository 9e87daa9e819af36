"""Releases as this process knows them: the catalog, loaded values, drafts, comparisons."""
