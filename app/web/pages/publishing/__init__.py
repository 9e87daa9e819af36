"""Pages of publishing: publish a draft, change what is said of a release, settings and the log."""
