"""Where this installation is, for whoever has to start it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def command_path() -> Path:
    """The `maang-mcp` program of this very installation, as an absolute path.

    Hosts do not read a shell's PATH, and another installation may come first in it.
    """
    beside = Path(sys.executable).with_name(
        "maang-mcp.exe" if sys.platform == "win32" else "maang-mcp"
    )
    if beside.is_file():
        return beside.absolute()
    return Path(shutil.which("maang-mcp") or sys.argv[0]).absolute()
