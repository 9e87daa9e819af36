"""Shared parts of writes to a draft: the transaction, preconditions, patches, entity routes."""
