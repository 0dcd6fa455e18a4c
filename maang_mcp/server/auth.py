"""Who may speak to the server over HTTP: bearer tokens, and which addresses need none."""

from __future__ import annotations

import logging
import time
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from fastmcp.server.auth import AccessToken, JWTVerifier

from maang_mcp.domain.errors import InsecureAddress, UnusableKey

log = logging.getLogger(__name__)

CLOCK_SKEW_S: Final = 60
"""How far the clock of whoever issues tokens may be ahead of ours."""

_CURVES: Final = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def require_safe_address(host: str, *, signed_in: bool) -> None:
    """Raises InsecureAddress for an address that others can reach unless callers sign in."""
    if not signed_in and not is_loopback(host):
        raise InsecureAddress(
            f"Serving on {host!r} without bearer authentication is refused: whoever reaches it "
            "could read and erase the learner's record."
        )


class LearnerTokens(JWTVerifier):
    """Accepts a signed token only if it says whose it is, until when, and counts already.

    Its subject is the learner, so one without would be anybody's; one without an end could not be
    withdrawn but by changing the key for everybody. FastMCP asks for neither and ignores `nbf`.
    """

    async def load_access_token(self, token: str) -> AccessToken | None:
        access = await super().load_access_token(token)
        if access is None:
            return None
        begins = access.claims.get("nbf", 0)
        lacking = [name for name in ("sub", "exp") if not access.claims.get(name)]
        if lacking:
            log.info("a bearer token was rejected: it lacks %s", " and ".join(lacking))
            return None
        if not isinstance(begins, int | float) or begins > time.time() + CLOCK_SKEW_S:
            log.info("a bearer token was rejected: it is not valid yet")
            return None
        return access


def verifier(
    *,
    jwks_uri: str | None = None,
    public_key: str | None = None,
    secret: str | None = None,
    issuer: str | None = None,
    audience: str | None = None,
) -> LearnerTokens | None:
    """Checks bearer tokens by whichever of the three is given; None when none is.

    A key set is for RS256, a secret for HS256; a public key tells its algorithm itself. `issuer`
    and `audience` are required of every token when given. Raises UnusableKey.
    """
    if jwks_uri:
        if urlsplit(jwks_uri).scheme not in {"http", "https"}:
            raise UnusableKey("MAANG_AUTH_JWKS_URI is not an http(s) address.")
        return LearnerTokens(jwks_uri=jwks_uri, issuer=issuer, audience=audience)
    if public_key:
        pem = public_key.replace("\\n", "\n")  # how a PEM is put into a variable of one line
        return LearnerTokens(
            public_key=pem, algorithm=_algorithm(pem), issuer=issuer, audience=audience
        )
    if secret:
        return LearnerTokens(public_key=secret, algorithm="HS256", issuer=issuer, audience=audience)
    return None


def _algorithm(pem: str) -> str:
    """The signature algorithm of tokens that this public key checks."""
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise UnusableKey("MAANG_AUTH_PUBLIC_KEY is not a public key in PEM form.") from None
    match key:
        case rsa.RSAPublicKey():
            return "RS256"
        case ec.EllipticCurvePublicKey() if key.curve.name in _CURVES:
            return _CURVES[key.curve.name]
        case ed25519.Ed25519PublicKey():
            return "Ed25519"
        case ed448.Ed448PublicKey():
            return "Ed448"
    raise UnusableKey("MAANG_AUTH_PUBLIC_KEY is of a kind that signs no tokens.")
