"""From a request to bytes: which release, its loaded value, its representation."""
