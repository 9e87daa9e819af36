"""Pages of reviews: the list, asking for a review, and one review with the changes, comments and decisions."""
