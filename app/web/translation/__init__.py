"""The languages of the pages: marked texts, and what it takes to say them in a language."""
