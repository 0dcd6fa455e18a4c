"""The resources: a second door to what the tools answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastmcp import Client, FastMCP
from mcp import MCPError
from mcp.types import INVALID_PARAMS, PromptReference, ResourceTemplateReference

from maang_mcp.app import Coach
from maang_mcp.content.rounds import rounds
from maang_mcp.domain.memory import MemoryKind
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.scrubbing import FENCE_CLOSE, FENCE_OPEN
from maang_mcp.server.resources import PER_COMPLETION, template_of
from maang_mcp.services.requests import Note
from tests.domain.stories import written
from tests.factories import SteppingClock
from tests.lives import CUSTOM, live

from .conftest import Era

CONCRETE = {
    "maang://profile": "target_companies",
    "maang://briefing": "proposal",
    "maang://plan": "weeks",
    "maang://roadmap": "skills",
    "maang://weaknesses": "weaknesses",
    "maang://stories": "gaps",
    "maang://stats": "attempts",
    "maang://reviews/due": None,
    "maang://attempts/recent": None,
}
"""Each with a field it answers; None where it answers a list."""

TEMPLATES = {
    "maang://roadmap/{topic}",
    "maang://problems/{slug}",
    "maang://attempts/{id}",
    "maang://interviews/{id}",
    "maang://rubrics/{round}",
    "maang://memories/{id}",
    "maang://memories/{id}/{part}",
    "maang://stories/{company}",
}

NOBODY = "01890000-0000-7000-8000-000000000000"


async def test_the_resources_are_these_and_no_others(shared_server: FastMCP, era: Era) -> None:
    async with Client(shared_server, mode=era) as client:
        resources = await client.list_resources()
        templates = await client.list_resource_templates()
    assert {str(resource.uri) for resource in resources} == set(CONCRETE)
    assert {template.uri_template for template in templates} == TEMPLATES
    for door in (*resources, *templates):
        assert door.mime_type == "application/json"
        assert door.title
        assert door.description


@pytest.mark.parametrize("uri", CONCRETE)
async def test_a_beginner_can_read_all_of_them(server: FastMCP, era: Era, uri: str) -> None:
    async with Client(server, mode=era) as client:
        answer = await read(client, uri)
    field = CONCRETE[uri]
    assert isinstance(answer, list) if field is None else field in answer


async def test_what_is_on_record_can_be_read_by_its_id(
    server: FastMCP, era: Era, coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    life = await live(coach, learner, clock)
    async with Client(server, mode=era) as client:
        attempt = await read(client, f"maang://attempts/{life.attempt}")
        interview = await read(client, f"maang://interviews/{life.interview}")
        memory = await read(client, f"maang://memories/{life.note}")
        topic = await read(client, f"maang://roadmap/{life.weak_skill}")
        problem = await read(client, f"maang://problems/{attempt['problem']}")
        listed = await read(client, "maang://attempts/recent")
    assert "fairness" in attempt["note"]
    assert interview["verdict"]
    assert "disk arm" in memory["content"]
    assert [skill["skill"] for skill in topic["skills"]] == [life.weak_skill]
    assert problem["title"] == CUSTOM
    assert len(listed) == 19


async def test_a_long_memory_is_read_part_by_part(
    server: FastMCP, era: Era, coach: Coach, learner: Learner
) -> None:
    note = Note("\n".join(f'{line}. I said "<b>naïve</b>".' for line in range(3_000)), title="Long")
    kept = await coach.memories.remember(learner, note)
    uri, texts = f"maang://memories/{kept.memory_id}", []
    async with Client(server, mode=era) as client:
        while uri:
            (content,) = (await client.read_resource_mcp(uri)).contents
            assert len(content.text.encode()) / 4 < 10_000
            shown = json.loads(content.text)
            texts.append(shown["content"].removeprefix(f"{FENCE_OPEN}\n"))
            uri = shown["next_part"]
        with pytest.raises(MCPError, match="its last one is"):
            await read(client, f"maang://memories/{kept.memory_id}/{len(texts) + 1}")
    assert shown["part"] == shown["parts"] == len(texts) > 3
    assert "".join(text.removesuffix(f"\n{FENCE_CLOSE}") for text in texts) == note.content


async def test_a_superseded_memory_says_what_took_its_place(
    server: FastMCP, era: Era, coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    life = await live(coach, learner, clock)
    async with Client(server, mode=era) as client:
        old = await read(client, f"maang://memories/{life.superseded}")
        new = await read(client, old["superseded_by"])
    assert new["memory_id"] == str(life.note)
    assert new["superseded_by"] is None


async def test_the_story_bank_is_read_whole_and_for_one_company(
    server: FastMCP, era: Era, coach: Coach, learner: Learner
) -> None:
    await coach.learners.update_profile(learner, {"target_companies": ["Amazon"]})
    note = Note(written(), MemoryKind.STORY, title="Lost orders", tags=("dive deep", "used:Meta"))
    kept = await coach.memories.remember(learner, note)
    async with Client(server, mode=era) as client:
        bank = await read(client, "maang://stories")
        amazon = await read(client, "maang://stories/AWS")
        unknown = await read(client, "maang://stories/Corner%20Shop%20Ltd")
        with pytest.raises(MCPError, match="no name of a company"):
            await read(client, "maang://stories/%3F%3F")
    (story,) = bank["stories"]
    assert story["uri"] == f"maang://memories/{kept.memory_id}"
    assert (story["status"], story["findings"], story["used_with"]) == ("ready", [], ["Meta"])
    assert story["parts"] == ["situation", "task", "action", "result", "reflection"]
    assert "Customer Obsession for Amazon: none ready" in bank["gaps"]
    assert "Dive Deep" not in " ".join(bank["gaps"])
    (covered,) = [one for one in amazon["principles"] if one["ready"]]
    assert (covered["principle"], covered["stories"]) == ("Dive Deep", [story["uri"]])
    assert unknown["principles"] == []
    assert "Corner Shop Ltd" in unknown["status"]


@pytest.mark.parametrize("round", [round.value for round in rounds()])
async def test_every_round_has_its_rubric(shared_server: FastMCP, era: Era, round: str) -> None:
    async with Client(shared_server, mode=era) as client:
        assert (await read(client, f"maang://rubrics/{round}"))["dimensions"]


@pytest.mark.parametrize(
    "uri",
    [
        f"maang://attempts/{NOBODY}",
        f"maang://interviews/{NOBODY}",
        f"maang://memories/{NOBODY}",
        f"maang://memories/{NOBODY}/2",
        f"maang://memories/{NOBODY}/two",
        f"maang://memories/{NOBODY}/-1",
        f"maang://memories/{NOBODY}/{'9' * 50}",
        "maang://attempts/not-an-id",
        "maang://problems/no-such-problem",
        "maang://problems/';%20DROP%20TABLE%20problem;%20--",
        "maang://problems/..%2f..%2fprofile",
        "maang://problems/%00",
        "maang://roadmap/no-such-topic",
        "maang://rubrics/no-such-round",
        "maang://nothing",
        "file:///etc/passwd",
    ],
)
async def test_what_is_not_there_is_an_invalid_parameter(
    shared_server: FastMCP, era: Era, complaints: list[str], uri: str
) -> None:
    async with Client(shared_server, mode=era) as client:
        with pytest.raises(MCPError) as refused:
            await client.read_resource(uri)
    assert refused.value.code == INVALID_PARAMS
    assert refused.value.data == {"uri": uri}
    assert complaints == []


@pytest.mark.parametrize(
    ("template", "argument", "typed", "first"),
    [
        ("maang://problems/{slug}", "slug", "two-s", "two-sum"),
        ("maang://problems/{slug}", "slug", "TWO-SUM", "two-sum"),
        ("maang://problems/{slug}", "slug", "anagrams", "group-anagrams"),
        ("maang://roadmap/{topic}", "topic", "sliding", "sliding-window"),
        ("maang://rubrics/{round}", "round", "", "coding"),
        ("maang://stories/{company}", "company", "net", "Netflix"),
    ],
)
async def test_what_is_typed_is_completed(
    shared_server: FastMCP, era: Era, template: str, argument: str, typed: str, first: str
) -> None:
    reference = ResourceTemplateReference(type="ref/resource", uri=template)
    async with Client(shared_server, mode=era) as client:
        found = await client.complete(reference, {"name": argument, "value": typed})
    assert found.values[0] == first
    assert len(found.values) <= PER_COMPLETION


@pytest.mark.parametrize("typed", ["", "no such thing", "'; --"])
async def test_nothing_is_completed_where_nothing_is_known(
    shared_server: FastMCP, era: Era, typed: str
) -> None:
    reference = PromptReference(type="ref/prompt", name="debrief")
    async with Client(shared_server, mode=era) as client:
        found = await client.complete(reference, {"name": "interview_id", "value": typed})
    assert found.values == []


@pytest.mark.parametrize(
    ("uri", "template"),
    [
        ("maang://attempts/recent", "maang://attempts/recent"),
        (f"maang://attempts/{NOBODY}", "maang://attempts/{id}"),
        ("maang://problems/two-sum", "maang://problems/{slug}"),
        (f"maang://memories/{NOBODY}/2", "maang://memories/{id}/{part}"),
        ("maang://stories", "maang://stories"),
        ("maang://stories/Amazon", "maang://stories/{company}"),
        ("maang://problems/two-sum/more", None),
        ("maang://nothing", None),
    ],
)
def test_a_uri_is_known_by_its_template(uri: str, template: str | None) -> None:
    assert template_of(uri) == template


async def read(client: Client[Any], uri: str) -> Any:
    (content,) = (await client.read_resource_mcp(uri)).contents
    assert content.mime_type == "application/json"
    return json.loads(content.text)  # type: ignore[union-attr]  # all are texts
