"""The line every table of figures stands under."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime


def describe_machine() -> str:
    """Day, platform, processors and Python version."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.platform()}, {os.cpu_count()} CPUs,"
        f" Python {platform.python_version()}"
    )
