"""The domain: what a career ladder is, as frozen values, and pure functions over them."""
