"""JSON Schemas said in as few words as they can be: they travel with every conversation.

What a schema leaves out is still checked: FastMCP validates a call against the signature.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_CHECKED_ANYWAY = frozenset(
    {"title", "format", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum"}
    | {"additionalProperties", "minItems", "maxItems"}
)
"""What the server checks and says in its error; a description names the bounds that matter."""

_UNREAD = frozenset(
    {"title", "description", "enum", "format", "required", "additionalProperties", "default"}
)
"""What nobody needs to read an answer: its dataclass documents every field."""

DEEPEST = 0
"""Levels of an answer that are spelt out; what lies deeper is an object."""

_IDLE: tuple[Any, ...] = (None, "", 0, False, [], ())
"""Defaults that say nothing: leaving the argument out means the same. So does the first word of a
closed set, which stands there as what is usual."""


def compact_input(schema: Schema) -> Schema:
    """An input schema in which an optional value is simply not required."""
    inlined = _inlined(schema, schema.get("$defs", {}))
    return _input({"properties": {}, **inlined})


def compact_output(schema: Schema | None) -> Schema | None:
    """An output schema without prose: the names and types of its upper level, where a value that
    is null is left out of the answer (`WordAnswers`)."""
    return None if schema is None else _output(_inlined(schema, schema.get("$defs", {})))


def _inlined(schema: Any, definitions: Schema) -> Any:
    """The schema with what it refers to in place of the references."""
    if isinstance(schema, list):
        return [_inlined(entry, definitions) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return {**_inlined(definitions[name], definitions), **beside}
    return {key: _inlined(value, definitions) for key, value in schema.items() if key != "$defs"}


def _input(schema: Schema, *, nested: bool = False) -> Schema:
    kept = _without_null(schema)
    kept = {key: value for key, value in kept.items() if key not in _CHECKED_ANYWAY}
    if "default" in kept and kept["default"] in (*_IDLE, *kept.get("enum", ())[:1]):
        del kept["default"]
    if "enum" in kept or nested:
        kept.pop("description", None)
    if "items" in kept:
        kept["items"] = _input(kept["items"], nested=True)
    if "properties" in kept:
        kept["properties"] = {
            name: _input(entry, nested=nested) for name, entry in kept["properties"].items()
        }
    return kept


def _without_null(schema: Schema) -> Schema:
    """`X or null` as X: whoever has nothing to say leaves the argument out."""
    choices = [choice for choice in schema.get("anyOf", []) if choice.get("type") != "null"]
    if len(choices) != 1:
        return schema
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**choices[0], **rest}


def _output(schema: Schema, depth: int = 0) -> Schema:
    kept = {key: value for key, value in _without_null(schema).items() if key not in _UNREAD}
    if "anyOf" in kept:
        # A list of types would be shorter; clients that map schemas onto one type drop the tool.
        kept["anyOf"] = [_output(choice, depth) for choice in kept["anyOf"]]
    if "items" in kept:
        kept["items"] = _output(kept["items"], depth)
    properties = kept.pop("properties", None)
    if properties is not None and depth <= DEEPEST:
        kept["properties"] = {name: _output(entry, depth + 1) for name, entry in properties.items()}
    return kept
