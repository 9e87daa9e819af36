"""Shared parts of the pages for admins: the words of rights, the choice of ladders, the frame of a page."""
