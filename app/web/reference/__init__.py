"""The API reference: the OpenAPI document turned into values for pages."""
