"""The work of authors besides their drafts: what waits for them, lists of drafts, what others changed."""
