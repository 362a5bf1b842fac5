"""What `bin/bench chat` is made of. A Django app of its own, so that the textbook room has a table to write to."""
