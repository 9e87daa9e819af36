"""Shared parts of reads: finding the release, building bodies, paging, links, query parameters."""
