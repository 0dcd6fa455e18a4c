"""Which principles have a story."""

from __future__ import annotations

from maang_mcp.content.principles import principles, resolve_principle
from maang_mcp.domain.principles import Principle
from maang_mcp.domain.story_critique import Status
from maang_mcp.domain.story_gaps import fits, gaps, nearest_gaps

from .stories import read, telling, written

FINISHED = read(written(), "dive deep", "ownership")
VAGUE = read(telling(result="It went well and everyone was happy."), "dive deep", "earn trust")
BEGUN = read("Situation: It broke.", "frugality", "earn trust")
BANK = [(FINISHED, Status.READY), (VAGUE, Status.REFINED), (BEGUN, Status.DRAFT)]


def principle(name: str) -> Principle:
    found = resolve_principle(name)
    assert found is not None
    return found


def test_every_principle_is_counted_by_how_far_its_stories_are() -> None:
    covered = gaps(BANK, principles("Amazon"))
    assert [one.principle for one in covered] == list(principles("Amazon"))
    counts = {one.principle.name: (one.ready, one.refined, one.draft) for one in covered}
    assert counts["Dive Deep"] == (1, 1, 0)
    assert counts["Earn Trust"] == (0, 1, 1)
    assert counts["Frugality"] == (0, 0, 1)
    assert counts["Think Big"] == (0, 0, 0)
    assert [one.principle.name for one in covered if not one.is_gap] == ["Ownership", "Dive Deep"]


def test_a_gap_is_said_in_words() -> None:
    names = [principle("dive deep"), principle("earn trust"), principle("think big")]
    assert [one.said for one in gaps(BANK, names)] == [
        "Dive Deep for Amazon: 1 ready, 1 refined",
        "Earn Trust for Amazon: none ready, 1 refined, 1 draft",
        "Think Big for Amazon: none ready",
    ]


def test_the_gaps_that_take_least_come_first() -> None:
    covered = gaps(BANK, principles("Amazon"))
    names = [one.principle.name for one in nearest_gaps(covered, 3)]
    assert names == ["Earn Trust", "Frugality", "Customer Obsession"]
    assert nearest_gaps(covered, 0) == ()


def test_a_story_counts_for_no_principle_it_does_not_name() -> None:
    assert all(one.is_gap for one in gaps(BANK[:1], principles("Netflix")))
    assert gaps([], principles("Google"))[0].said == "Googleyness for Google: none ready"
    assert gaps(BANK[:1], ()) == ()


def test_a_story_fits_another_companys_principle_of_the_same_skill() -> None:
    assert fits(FINISHED, principle("Dive Deep"))
    assert fits(FINISHED, principle("Netflix judgment"))
    assert not fits(FINISHED, principle("Are Right, A Lot"))
    assert not fits(FINISHED, principle("Googleyness"))
