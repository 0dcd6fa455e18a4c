"""Values, functions and errors of interview preparation: no clock, no dice, no I/O."""
