"""Pages for people: the explorer of ladders, the API docs, the explanation of each error."""
