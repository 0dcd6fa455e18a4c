"""Runs a command and keeps every byte it writes to stdout before passing it on.

    python relay.py FILE COMMAND...

It stands between a real client and a real server, so that what is looked through is the wire.
"""

from __future__ import annotations

import subprocess
import sys


def main() -> int:
    """Ends when the command does, with its status; stdin and stderr are the command's own."""
    kept, *command = sys.argv[1:]
    with (
        open(kept, "wb", buffering=0) as file,
        subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as process,
    ):
        assert process.stdout is not None
        while piece := process.stdout.read(1 << 16):
            file.write(piece)
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
