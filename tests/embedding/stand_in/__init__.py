"""What may be put on `sys.path` in the place of a library that the tests do without."""
