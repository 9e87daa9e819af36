"""Pages for people: the start page, the API docs, the explanation of every problem."""
