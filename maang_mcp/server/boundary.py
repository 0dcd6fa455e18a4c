"""Where a call enters: whose it is, which coach answers it, and how refusals leave."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastmcp import Context
from fastmcp.dependencies import CurrentContext
from fastmcp.exceptions import ResourceError, ToolError, ValidationError
from fastmcp.server.dependencies import get_access_token

from maang_mcp.app import Coach
from maang_mcp.domain.errors import CoachError, NotFound, Rejected
from maang_mcp.domain.profile import Learner

from .opening import Opening

OPENING = "opening"
DEFAULT_LEARNER = "default_learner"


@asynccontextmanager
async def current_coach(ctx: Context = CurrentContext()) -> AsyncIterator[Coach]:
    """The coach for this tool call; what it refuses leaves as an error the model can read.

    Translated here and not in a middleware, because FastMCP logs a traceback for whatever leaves
    a tool that is not an error of its own.
    """
    opening: Opening = ctx.lifespan_context[OPENING]
    try:
        yield await opening.coach()
    except CoachError as error:
        raise ToolError(error.explain(), log_level=logging.INFO) from error


@asynccontextmanager
async def reading_coach(ctx: Context = CurrentContext()) -> AsyncIterator[Coach]:
    """The coach for a resource; what it refuses leaves as a protocol error.

    FastMCP logs a traceback of whatever leaves a resource, at the level the error names: DEBUG,
    because that the call was refused is told by the call hooks.
    """
    opening: Opening = ctx.lifespan_context[OPENING]
    try:
        yield await opening.coach()
    except (NotFound, Rejected) as error:
        raise ValidationError(error.explain(), log_level=logging.DEBUG) from error
    except CoachError as error:
        raise ResourceError(error.explain(), log_level=logging.DEBUG) from error


def current_learner(ctx: Context = CurrentContext()) -> Learner:
    """Whose preparation it is: the token's subject, or the one this server was started for."""
    token = get_access_token()
    if token is None:
        default: Learner = ctx.lifespan_context[DEFAULT_LEARNER]
        return default
    subject = token.subject or token.claims.get("sub")
    if not subject:
        raise ToolError("The token names no subject.", log_level=logging.INFO)
    return Learner.of(str(subject))
