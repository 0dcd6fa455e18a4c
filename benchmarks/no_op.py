"""A FastMCP server with one tool that does nothing: the price of the framework alone.

python -m benchmarks.no_op stdio | http PORT
"""

from __future__ import annotations

import sys

from fastmcp import FastMCP

server = FastMCP("no-op")


@server.tool
def nothing() -> dict[str, str]:
    """Do nothing."""
    return {"status": "Done."}


if __name__ == "__main__":
    if sys.argv[1] == "stdio":
        server.run("stdio", show_banner=False)
    else:
        server.run(
            "http",
            show_banner=False,
            port=int(sys.argv[2]),
            stateless_http=True,
            uvicorn_config={"access_log": False},
        )
