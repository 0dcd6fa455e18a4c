"""Addresses as people paste them, and what becomes of what stands after their question mark."""

from __future__ import annotations

import pytest
from sqlalchemy import URL, text

from db import Store
from db.engine import create_engine, url_from
from maang_mcp.domain.errors import CoachError, InvalidInput


def _address(postgres: URL, **query: str) -> str:
    url = postgres.update_query_dict(query).set(drivername="postgres")
    return url.render_as_string(hide_password=False)


async def _setting(address: str, name: str) -> str:
    engine = create_engine(url_from(address), pool_size=1, max_overflow=0)
    try:
        async with engine.connect() as connection:
            return str(await connection.scalar(text(f"SHOW {name}")))
    finally:
        await engine.dispose()


@pytest.mark.parametrize("mode", ["allow", "prefer"])
async def test_an_address_may_say_how_to_encrypt_as_libpq_does(postgres: URL, mode: str) -> None:
    address = _address(postgres, sslmode=mode, target_session_attrs="read-write")
    assert await _setting(address, "statement_timeout") == "15s"


async def test_an_address_may_set_what_the_server_knows(postgres: URL) -> None:
    address = _address(postgres, options="-c work_mem=7MB")
    assert await _setting(address, "work_mem") == "7MB"


async def test_an_encryption_that_cannot_be_had_is_not_done_without(postgres: URL) -> None:
    url = url_from(_address(postgres, sslmode="verify-full", sslrootcert="nowhere.pem"))
    store = Store(create_engine(url, pool_size=1, max_overflow=0))
    with pytest.raises(CoachError):
        await store.ping()
    await store.close()


@pytest.mark.parametrize("parameter", ["channel_binding", "ssl_mode"])
def test_what_the_driver_cannot_do_is_refused_by_name_and_without_the_password(
    parameter: str,
) -> None:
    with pytest.raises(InvalidInput, match=parameter) as refused:
        url_from(f"postgresql://ada:hunter2@db.example/maang?sslmode=require&{parameter}=require")
    assert "hunter2" not in refused.value.explain()
