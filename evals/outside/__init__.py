"""Outside writes on a bench: systems that count what they are made to do, a clock that is moved, processes that are killed."""
