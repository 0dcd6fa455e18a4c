"""Schemas in few words: nothing a caller needs is lost, nothing else is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types
from pydantic import BaseModel, Field, TypeAdapter

from maang_mcp.server.schemas import compact_input, compact_output


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Points, the first of them apart."""

    title: str
    first: Point
    rest: list[Point] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    note: str | None = None
    size: int | str = 0
    either: list[str] | None = None


class Call(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=9, description="What it is called")]
    colour: Annotated[Colour, Field(description="One of them")] = Colour.RED
    other: Colour = Colour.BLUE
    count: int = 0
    limit: Annotated[int, Field(ge=1, le=50)] = 5
    points: tuple[Point, ...] = ()
    note: Annotated[str | None, Field(description="Or nothing")] = None


def taken() -> dict[str, Any]:
    return compact_input(Call.model_json_schema())


def answered() -> dict[str, Any]:
    schema = compact_output(TypeAdapter(Drawing).json_schema())
    assert schema is not None
    return schema


def test_what_has_to_be_given_is_said() -> None:
    assert taken()["required"] == ["name"]
    assert taken()["properties"]["name"] == {"type": "string", "description": "What it is called"}


def test_an_optional_value_is_simply_left_out() -> None:
    assert taken()["properties"]["note"] == {"type": "string", "description": "Or nothing"}


def test_only_defaults_that_say_something_are_told() -> None:
    properties = taken()["properties"]
    assert "default" not in properties["count"]
    assert properties["limit"] == {"type": "integer", "default": 5}


def test_the_values_of_a_closed_set_speak_for_themselves() -> None:
    colour = taken()["properties"]["colour"]
    assert colour == {"type": "string", "enum": ["red", "blue"]}
    assert taken()["properties"]["other"]["default"] == "blue"


def test_nested_values_stand_in_place_of_their_references() -> None:
    points = taken()["properties"]["points"]
    assert points["items"]["properties"].keys() == {"x", "colour"}
    assert points["items"]["required"] == ["x"]


def test_a_call_without_parameters_is_an_object_all_the_same() -> None:
    assert compact_input({"type": "object"}) == {"type": "object", "properties": {}}


def test_an_answer_names_its_fields_and_their_types() -> None:
    assert answered() == {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "first": {"type": "object"},
            "rest": {"type": "array", "items": {"type": "object"}},
            "words": {"type": "array", "items": {"type": "string"}},
            "note": {"type": "string"},
            "size": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
            "either": {"type": "array", "items": {"type": "string"}},
        },
    }


def test_every_answer_fits_its_schema() -> None:
    drawings = (
        Drawing("one", Point(0.0)),
        Drawing("two", Point(1.0, Colour.BLUE), [Point(2.0)], ["a"], "for Ada", "A4", ["b"]),
    )
    for drawing in drawings:
        written = TypeAdapter(Drawing).dump_python(drawing, mode="json", exclude_none=True)
        Draft202012Validator(answered()).validate(written)


def test_a_tool_without_structure_has_no_schema_to_shorten() -> None:
    assert compact_output(None) is None
