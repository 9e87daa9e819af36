"""Ladders and what surrounds their content: releases, drafts, reviews, publishing, settings, the audit log."""
