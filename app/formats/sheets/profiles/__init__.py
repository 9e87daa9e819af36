"""Files for other systems: which columns each takes, as data, and how a release fills them."""
