"""The benchmark: what the service costs beside the least that any Python server costs. `make bench` runs it."""
