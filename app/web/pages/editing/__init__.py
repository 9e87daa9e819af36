"""The pages on which authors edit a draft, one file for each."""
