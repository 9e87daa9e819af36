"""The pages of the whole site: start page, sign-in, API reference, errors."""
