"""Running code that nobody has read: a candidate's Python against the tests of a question.

The interpreter is Monty: Rust, in worker processes, with limits of time, memory and recursion and
without files, network, environment or clock. What it lacks of Python is rewritten (`dialect`), put
before the program as source (`prelude`), or named in the report as what cannot be verified.
"""

from .checks import TOTAL
from .runner import Sandbox
from .session import SECONDS

__all__ = ["SECONDS", "TOTAL", "Sandbox"]
