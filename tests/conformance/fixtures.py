"""What the conformance suite calls by name, beside the product's own tools.

Names, texts and shapes are the suite's; each function is as little as its scenario needs.
"""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Callable
from typing import Annotated, Any, Final

import mcp.types as mt
from fastmcp import Context, FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.prompts import Message
from fastmcp.resources import resource
from fastmcp.tools import Tool
from mcp import MCPError
from pydantic import Field

RED_PIXEL: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC"
)
MILLISECOND_OF_SILENCE: Final = (
    "UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAgICAgICAgA=="
)
PAUSE_S: Final = 0.05
"""Between two notifications, so that a client sees them come one by one."""

IMAGE: Final = mt.ImageContent(type="image", data=RED_PIXEL, mime_type="image/png")


def embedded(uri: str, mime_type: str, text: str) -> mt.EmbeddedResource:
    """A resource inside an answer."""
    return mt.EmbeddedResource(
        type="resource", resource=mt.TextResourceContents(uri=uri, mime_type=mime_type, text=text)
    )


def test_simple_text() -> str:
    """Answer with a text."""
    return "This is a simple text response for testing."


def test_image_content() -> mt.ImageContent:
    """Answer with an image."""
    return IMAGE


def test_audio_content() -> mt.AudioContent:
    """Answer with a sound."""
    return mt.AudioContent(type="audio", data=MILLISECOND_OF_SILENCE, mime_type="audio/wav")


def test_embedded_resource() -> mt.EmbeddedResource:
    """Answer with a resource."""
    return embedded(
        "test://embedded-resource", "text/plain", "This is an embedded resource content."
    )


def test_multiple_content_types() -> list[Any]:
    """Answer with a text, an image and a resource."""
    return [
        mt.TextContent(type="text", text="Multiple content types test:"),
        IMAGE,
        embedded(
            "test://mixed-content-resource", "application/json", '{"test":"data","value":123}'
        ),
    ]


def test_error_handling() -> str:
    """Fail."""
    raise ToolError("This tool intentionally returns an error for testing")


async def test_tool_with_logging(ctx: Context) -> str:
    """Send three log messages."""
    await ctx.info("Tool execution started")
    await asyncio.sleep(PAUSE_S)
    await ctx.info("Tool processing data")
    await asyncio.sleep(PAUSE_S)
    await ctx.info("Tool execution completed")
    return "Three messages were logged."


async def test_logging_tool(ctx: Context) -> str:
    """Send one log message, which reaches only who asked for messages."""
    await ctx.info("A message for those who asked.")
    return "One message was logged."


async def test_tool_with_progress(ctx: Context) -> str:
    """Report progress three times."""
    for progress in (0, 50, 100):
        await ctx.report_progress(progress, 100)
        await asyncio.sleep(PAUSE_S)
    return "Progress was reported three times."


async def test_reconnection(ctx: Context) -> str:
    """Close the stream before the answer, which is to be had by coming back."""
    await ctx.close_sse_stream()
    await asyncio.sleep(PAUSE_S)
    return "The stream was closed in between."


def test_missing_capability(ctx: Context) -> str:
    """Work only for clients that can sample."""
    if not ctx.session.check_client_capability(SAMPLING):
        raise MCPError(
            code=mt.MISSING_REQUIRED_CLIENT_CAPABILITY,
            message="This tool needs a client that can sample.",
            data={"requiredCapabilities": {"sampling": {}}},
        )
    return "The client can sample."


SAMPLING: Final = mt.ClientCapabilities(sampling=mt.SamplingCapability())


def test_custom_headers(
    region: Annotated[str, Field(json_schema_extra={"x-mcp-header": "Region"})],
) -> str:
    """Take an argument that travels in a header too."""
    return f"In {region}."


def json_schema_2020_12_tool() -> str:
    """Publish an input schema in the words of JSON Schema 2020-12."""
    return "The schema is what matters here."


JSON_SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}


async def test_trigger_tool_change(ctx: Context) -> str:
    """Tell that the list of tools has changed."""
    await ctx.send_notification(mt.ToolListChangedNotification())
    return "The list of tools has changed."


async def test_trigger_prompt_change(ctx: Context) -> str:
    """Tell that the list of prompts has changed."""
    await ctx.send_notification(mt.PromptListChangedNotification())
    return "The list of prompts has changed."


@resource("test://static-text", mime_type="text/plain")
def static_text() -> str:
    """A text."""
    return "This is the content of the static text resource."


@resource("test://static-binary", mime_type="image/png")
def static_binary() -> bytes:
    """An image."""
    return b64decode(RED_PIXEL)


@resource("test://template/{id}/data", mime_type="application/json")
def template_data(id: str) -> str:
    """What goes by an id."""
    return f'{{"id":"{id}","templateTest":true,"data":"Data for ID: {id}"}}'


@resource("test://watched-resource", mime_type="text/plain")
def watched_resource() -> str:
    """A text to subscribe to."""
    return "This is watched."


def test_simple_prompt() -> str:
    """A prompt without arguments."""
    return "This is a simple prompt for testing."


def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
    """A prompt with two arguments."""
    return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"


def test_prompt_with_embedded_resource(
    resourceUri: str,
) -> list[Message]:
    """A prompt with a resource inside."""
    return [
        Message(embedded(resourceUri, "text/plain", "Embedded resource content for testing.")),
        Message("Please process the embedded resource above."),
    ]


def test_prompt_with_image() -> list[Message]:
    """A prompt with an image."""
    return [Message(IMAGE), Message("Please analyze the image above.")]


TOOLS: Final[tuple[Callable[..., Any], ...]] = (
    test_simple_text,
    test_image_content,
    test_audio_content,
    test_embedded_resource,
    test_multiple_content_types,
    test_error_handling,
    test_tool_with_logging,
    test_logging_tool,
    test_tool_with_progress,
    test_reconnection,
    test_missing_capability,
    test_custom_headers,
    test_trigger_tool_change,
    test_trigger_prompt_change,
)
RESOURCES: Final = (static_text, static_binary, template_data, watched_resource)
PROMPTS: Final[tuple[Callable[..., Any], ...]] = (
    test_simple_prompt,
    test_prompt_with_arguments,
    test_prompt_with_embedded_resource,
    test_prompt_with_image,
)


def add_fixtures(server: FastMCP) -> None:
    """Registers everything above."""
    for function in TOOLS:
        server.add_tool(Tool.from_function(function, output_schema=None))
    schemed = Tool.from_function(json_schema_2020_12_tool, output_schema=None)
    schemed.parameters = JSON_SCHEMA
    server.add_tool(schemed)
    for door in RESOURCES:
        server.add_resource(door)
    for function in PROMPTS:
        server.prompt(function)
