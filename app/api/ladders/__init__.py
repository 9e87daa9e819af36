"""Ladders apart from their content: releases, drafts, reviews, publishing, settings, the audit log."""
