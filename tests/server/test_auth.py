from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from maang_mcp.domain.errors import CoachError
from maang_mcp.server.auth import (
    CLOCK_SKEW_S,
    InsecureAddress,
    LearnerTokens,
    UnusableKey,
    is_loopback,
    require_safe_address,
    verifier,
)

from .tokens import SECRET, signed


def by_secret(**rules: str) -> LearnerTokens:
    made = verifier(secret=SECRET, **rules)
    assert made is not None
    return made


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_needs_no_tokens(host: str) -> None:
    require_safe_address(host, signed_in=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "coach.example", "localhost.evil"])
def test_any_other_address_needs_them(host: str) -> None:
    with pytest.raises(InsecureAddress) as refused:
        require_safe_address(host, signed_in=False)
    assert "MAANG_AUTH_SECRET" in refused.value.explain()
    require_safe_address(host, signed_in=True)


@given(st.ip_addresses())
def test_an_address_is_loopback_only_if_it_never_leaves_the_machine(address: object) -> None:
    text = str(address)
    assert is_loopback(text) == (text.startswith("127.") or text in {"::1", "0:0:0:0:0:0:0:1"}) or (
        "::ffff:" in text  # an IPv4 address in IPv6 clothes: the standard library decides
    )


def test_without_a_key_there_is_nothing_to_check_tokens_with() -> None:
    assert verifier() is None
    assert verifier(issuer="https://issuer.example", audience="coach") is None


async def test_the_learner_is_the_subject_of_the_token() -> None:
    access = await by_secret().verify_token(signed(sub="ada@example.org", scope="a b"))
    assert access is not None
    assert (access.subject, access.scopes) == ("ada@example.org", ["a", "b"])


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": 1},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"nbf": 9_999_999_999},
        {"nbf": "tomorrow"},
    ],
    ids=str,
)
async def test_a_token_without_owner_or_end_or_before_its_time_is_nobodys(
    claims: dict[str, Any],
) -> None:
    assert await by_secret().verify_token(signed(**claims)) is None


async def test_a_token_may_begin_a_moment_ahead_of_our_clock() -> None:
    assert await by_secret().verify_token(signed(nbf=time.time() + CLOCK_SKEW_S / 2)) is not None


async def test_a_token_of_another_key_is_refused() -> None:
    stranger = OctKey.import_key("another secret of 32 bytes or more")
    assert await by_secret().verify_token(signed(stranger)) is None
    assert await by_secret().verify_token("not.a.token") is None


async def test_an_unsigned_token_is_refused() -> None:
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEiLCJleHAiOjk5OTk5OTk5OTl9."
    assert await by_secret().verify_token(unsigned) is None


@pytest.mark.parametrize("rule", ["issuer", "audience"])
async def test_issuer_and_audience_are_required_once_they_are_configured(rule: str) -> None:
    tokens = by_secret(**{rule: "https://coach.example"})
    claim = {"issuer": "iss", "audience": "aud"}[rule]
    ours: dict[str, Any] = {claim: "https://coach.example"}
    others: dict[str, Any] = {claim: "https://other.example"}
    assert await tokens.verify_token(signed(**ours)) is not None
    assert await tokens.verify_token(signed(**others)) is None
    assert await tokens.verify_token(signed()) is None


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (RSAKey.generate_key(2048), "RS256"),
        (ECKey.generate_key("P-256"), "ES256"),
        (ECKey.generate_key("P-384"), "ES384"),
        (OKPKey.generate_key("Ed25519"), "Ed25519"),
    ],
    ids=["RSA", "P-256", "P-384", "Ed25519"],
)
async def test_a_public_key_tells_its_algorithm(
    key: RSAKey | ECKey | OKPKey, algorithm: str
) -> None:
    pem = key.as_pem(private=False).decode()
    for written in (pem, pem.replace("\n", "\\n")):
        tokens = verifier(public_key=written)
        assert tokens is not None
        assert await tokens.verify_token(signed(key, algorithm)) is not None
        # The classic confusion: the public key, which everybody has, used as a shared secret.
        forged = signed(OctKey.import_key("x" * 32), "HS256")
        assert await tokens.verify_token(forged) is None


@pytest.mark.parametrize(
    "pem",
    [
        "not a key",
        RSAKey.generate_key(2048).as_pem(private=True).decode(),
        OKPKey.generate_key("X25519").as_pem(private=False).decode(),
    ],
    ids=["no key", "a private key", "a key that signs nothing"],
)
def test_a_key_that_checks_no_tokens_is_refused_at_the_start(pem: str) -> None:
    with pytest.raises(UnusableKey, match="MAANG_AUTH_PUBLIC_KEY"):
        verifier(public_key=pem)


def test_a_key_set_has_to_be_an_address() -> None:
    assert verifier(jwks_uri="https://issuer.example/keys") is not None
    with pytest.raises(UnusableKey, match="MAANG_AUTH_JWKS_URI"):
        verifier(jwks_uri="/etc/keys.json")


@pytest.mark.parametrize("kind", [InsecureAddress, UnusableKey])
def test_a_refusal_says_what_to_do(kind: type[CoachError]) -> None:
    assert kind.hint
