from __future__ import annotations

import subprocess
import sys

LATER = (
    *("sqlalchemy", "asyncpg", "pgvector", "alembic", "redis", "db"),
    *("onnxruntime", "onnx", "tokenizers", "numpy", "torch", "prometheus_client"),
)


def test_drivers_and_models_are_not_on_the_path_of_the_handshake() -> None:
    """What is imported until the server can answer; the rest comes behind it."""
    program = (
        "import sys, maang_mcp.cli.serve, maang_mcp.cli.settings, maang_mcp.cli.stdio\n"
        "from maang_mcp.app import open_coach\n"
        "from maang_mcp.server.opening import Opening\n"
        "from maang_mcp.server.build import build_server\n"
        "build_server(Opening(lambda: open_coach(maang_mcp.cli.settings.load_settings())))\n"
        f"sys.stderr.write(' '.join(sorted(set(sys.modules) & set({LATER!r}))))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
