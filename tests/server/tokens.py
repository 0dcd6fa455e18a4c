"""Bearer tokens as an issuer would sign them."""

from __future__ import annotations

import time
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

SECRET: Final = "a shared secret of 32 bytes or more"


def signed(
    key: OctKey | RSAKey | ECKey | OKPKey | None = None, algorithm: str = "HS256", **claims: Any
) -> str:
    """A token for Ada, good for a minute; a claim given as None is left out."""
    now = int(time.time())
    all_claims = {"sub": "ada", "iat": now, "exp": now + 60} | claims
    return jwt.encode(
        {"alg": algorithm},
        {name: value for name, value in all_claims.items() if value is not None},
        key or OctKey.import_key(SECRET),
        algorithms=[algorithm],
    )
