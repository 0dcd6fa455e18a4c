"""A model hub on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Hub(SimpleHTTPRequestHandler):
    """Serves a folder; three names have ill effects."""

    def do_GET(self) -> None:
        match self.path:
            case "/cut-short":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b"not a thousand bytes")
            case "/gibberish":
                self.wfile.write(b"\xff\xfe this is not HTTP\r\n\r\n")
            case "/endless":
                self.send_response(200)
                self.end_headers()
                while True:  # until the client hangs up
                    self.wfile.write(bytes(1 << 20))
            case _:
                super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Tests keep their output to themselves."""


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle of a file is what some tests are about."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a hub that serves the folder."""
    with QuietServer(("127.0.0.1", 0), partial(Hub, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
