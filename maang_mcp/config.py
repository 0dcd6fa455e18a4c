"""Every environment variable of the server, once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MINIMUM_SECRET_BYTES = 32


class Settings(BaseSettings):
    """How one server is set up; read by the command line and handed to the composition root."""

    model_config = SettingsConfigDict(
        env_prefix="MAANG_", env_ignore_empty=True, extra="forbid", frozen=True
    )

    database_url: SecretStr | None = Field(
        default=None,
        description="Postgres 15+ with pgvector 0.7+; empty starts the embedded one.",
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("maang-mcp", appauthor=False),
        description="Where the embedded store and the built model live.",
    )
    redis_url: SecretStr | None = Field(
        default=None, description="Redis for the shared cache; empty keeps it in process."
    )
    learner: str = Field(
        default="local",
        min_length=1,
        max_length=200,
        description="Whose preparation it is when no token says so (stdio, loopback).",
    )
    embedder: Literal["onnx", "onnx-int8", "sentence-transformers", "none"] = Field(
        default="onnx",
        description="What gives texts their vectors; `none`: nothing, search is full text only.",
    )
    embedding_model: str | None = Field(
        default=None,
        description="Another model: a folder, or for sentence-transformers a name on the hub.",
    )
    offline: bool = Field(
        default=False, description="Never fetch model files, even when none are installed."
    )
    host: str = Field(default="127.0.0.1", description="Address for HTTP and SSE.")
    port: int = Field(default=8765, ge=0, le=65535, description="Port for HTTP and SSE.")
    allowed_hosts: list[str] = Field(
        default_factory=list,
        description="Host names a reverse proxy forwards, as a JSON list.",
    )
    auth_jwks_uri: str | None = Field(
        default=None, description="Bearer tokens are checked against this key set."
    )
    auth_public_key: str | None = Field(default=None, description="Or against this PEM public key.")
    auth_secret: SecretStr | None = Field(
        default=None, description="Or with this shared secret (HS256, 32 bytes or more)."
    )
    auth_issuer: str | None = Field(default=None, description="Required issuer of a token.")
    auth_audience: str | None = Field(default=None, description="Required audience of a token.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Threshold of the log on stderr."
    )
    pool_size: int = Field(default=10, ge=1, le=100, description="Database connections kept open.")

    @field_validator("auth_secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value().encode()) < MINIMUM_SECRET_BYTES:
            raise ValueError(f"must have at least {MINIMUM_SECRET_BYTES} bytes")
        return secret

    @model_validator(mode="after")
    def _one_way_to_check_tokens(self) -> Self:
        if sum(map(bool, (self.auth_jwks_uri, self.auth_public_key, self.auth_secret))) > 1:
            raise ValueError("set only one of auth_jwks_uri, auth_public_key and auth_secret")
        return self

    @property
    def requires_tokens(self) -> bool:
        """Whether bearer authentication is configured."""
        return bool(self.auth_jwks_uri or self.auth_public_key or self.auth_secret)
