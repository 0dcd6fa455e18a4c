"""Gemini's wire protocol on a local port, with scripted answers.

Serves `generateContent` and `streamGenerateContent?alt=sse`, the two calls the google-genai client
makes for a turn. Pointing `GOOGLE_GEMINI_BASE_URL` at it works across processes, so the command
line of ADK can be tested with it too.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

Part = dict[str, Any]
Body = dict[str, Any]

PROMPT_TOKENS: Final = 1200
OUTPUT_TOKENS: Final = 30


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that is an HTTP error instead of content."""

    status: int
    message: str = "scripted failure"


Step = Sequence[Part] | Failure | Callable[[Body], Sequence[Part] | Failure]
"""One model call: its parts, an error, or a function of the request body."""


def text(words: str) -> Part:
    """A part that speaks."""
    return {"text": words}


def call(name: str, **arguments: Any) -> Part:
    """A part that calls a tool."""
    return {"functionCall": {"name": name, "args": arguments}}


@dataclass(frozen=True, slots=True)
class Request:
    """One model call as it arrived."""

    method: str
    model: str
    body: Body

    @property
    def system(self) -> str:
        """The system instruction."""
        return "".join(part["text"] for part in self.body["systemInstruction"]["parts"])

    @property
    def declarations(self) -> dict[str, dict[str, Any]]:
        """The declared functions by name."""
        return {
            declared["name"]: declared
            for tool in self.body.get("tools", [])
            for declared in tool.get("functionDeclarations", [])
        }

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        """What each tool returned last."""
        return results_in(self.body)

    @property
    def wire(self) -> str:
        """The request as it was sent, in plain text."""
        return json.dumps(self.body, ensure_ascii=False)

    def shows(self, words: str) -> bool:
        """Whether these words are anywhere in it."""
        return json.dumps(words, ensure_ascii=False)[1:-1] in self.wire

    @property
    def every_result(self) -> list[dict[str, Any]]:
        """All the function responses in the conversation so far, in order."""
        return [
            part["functionResponse"]["response"]
            for message in self.body["contents"]
            for part in message["parts"]
            if "functionResponse" in part
        ]


def results_in(body: Body) -> dict[str, dict[str, Any]]:
    """The latest function response of each tool in the conversation so far."""
    return {
        part["functionResponse"]["name"]: part["functionResponse"]["response"]
        for message in body["contents"]
        for part in message["parts"]
        if "functionResponse" in part
    }


@dataclass
class FakeGemini:
    """A context manager: the server runs inside it and follows `script`, one step per call.

    A call beyond the script is answered with 400, which the client does not retry.
    """

    script: Sequence[Step]
    requests: list[Request] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The base address for the client."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def exhausted(self) -> bool:
        """Whether every step of the script was asked for, and none beyond."""
        return len(self.requests) == len(self.script)

    def _next(self, request: Request) -> Sequence[Part] | Failure:
        with self._turn:
            position = len(self.requests)
            self.requests.append(request)
        if position >= len(self.script):
            return Failure(400, f"the script has only {len(self.script)} steps")
        step = self.script[position]
        return step(request.body) if callable(step) else step

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(length))
                path = self.path.partition("?")[0]
                model, _, method = path.rpartition("/")[2].partition(":")
                answer = fake._next(Request(method, model, body))
                if isinstance(answer, Failure):
                    self._send(answer.status, "application/json", [_error(answer)])
                elif method == "streamGenerateContent":
                    chunks = [b"data: " + chunk + b"\r\n\r\n" for chunk in _stream(model, answer)]
                    self._send(200, "text/event-stream", chunks)
                else:
                    self._send(200, "application/json", [_response(model, answer, "STOP")])

            def _send(self, status: int, content_type: str, chunks: list[bytes]) -> None:
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(sum(map(len, chunks))))
                self.end_headers()
                for chunk in chunks:
                    self.wfile.write(chunk)

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent: the tests read `requests` instead."""

        return Handler


def _stream(model: str, parts: Sequence[Part]) -> Iterator[bytes]:
    """The parts in two or more chunks, text cut in the middle as a real stream would."""
    pieces: list[Part] = []
    for part in parts:
        if words := part.get("text"):
            middle = len(words) // 2
            pieces += [text(words[:middle]), text(words[middle:])] if middle else [part]
        else:
            pieces.append(part)
    for position, piece in enumerate(pieces, start=1):
        yield _response(model, [piece], "STOP" if position == len(pieces) else None)


def _response(model: str, parts: Sequence[Part], finish: str | None) -> bytes:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": list(parts)}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    usage = {
        "promptTokenCount": PROMPT_TOKENS,
        "candidatesTokenCount": OUTPUT_TOKENS,
        "totalTokenCount": PROMPT_TOKENS + OUTPUT_TOKENS,
    }
    payload = {"candidates": [candidate], "usageMetadata": usage, "modelVersion": f"{model}-fake"}
    return json.dumps(payload).encode()


def _error(failure: Failure) -> bytes:
    error = {"code": failure.status, "message": failure.message, "status": "UNAVAILABLE"}
    return json.dumps({"error": error}).encode()
