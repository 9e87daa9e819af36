"""HTTP: one file a resource, with its router, handlers and response models."""
