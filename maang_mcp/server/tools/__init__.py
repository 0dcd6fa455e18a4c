"""The tools, one module per noun; each is one line over a use-case."""
