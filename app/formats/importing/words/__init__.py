"""Words of sheets: what they mean, how texts are cut, and which slugs and languages they give."""
