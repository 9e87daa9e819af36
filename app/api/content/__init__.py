"""The resources of a ladder: one file per resource, with its response models, handlers and helpers."""
