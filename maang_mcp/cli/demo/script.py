"""What the candidate of the demo says and does, in order; not a word of what the coach answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from .interview import interview
from .lines import Line, Scene

LESSON: Final = (
    "Sliding window: widen on the right, then shrink on the left while the window is invalid, and "
    "measure only when it is valid again. I kept measuring too early."
)


def scenes(now: datetime) -> tuple[Scene, ...]:
    """Two weeks of preparation that end at `now`, an aware datetime."""
    return (
        Scene(
            "Two weeks ago: a first hello",
            (
                Line("hi", "get_briefing", {}),
                Line(
                    "I'm Ada, aiming for Google L5. The onsite is in 19 days and I have about "
                    "8 hours a week. Be direct with me.",
                    "update_profile",
                    {
                        "name": "Ada",
                        "target_companies": ["Google"],
                        "target_level": "L5",
                        "interview_date": (now + timedelta(days=19)).date().isoformat(),
                        "hours_per_week": 8,
                        "coach_style": "direct",
                    },
                ),
            ),
        ),
        Scene(
            "The first week, entered today: what was due for review since then is due now",
            _first_week(now),
        ),
        Scene("The second week, entered today", _second_week(now)),
        Scene(
            "The next morning: the server was stopped and started again",
            (
                Line("hi", "get_briefing", {}),
                Line(
                    "Why do I keep failing sliding window?",
                    "weakness_report",
                    {"skill": "sliding window"},
                ),
                Line(
                    "",
                    "retrieve_context",
                    {"query": "why do I keep failing sliding window?", "k": 3},
                ),
                Line("And over everything?", "weakness_report", {"limit": 3}),
                Line("I have 40 minutes. What now?", "next_problem", {"max_minutes": 40}),
                Line(
                    "And my plan until the onsite? Sundays are off.",
                    "make_plan",
                    {"rounds": ["coding"], "rest_days": ["sunday"]},
                ),
            ),
            restarted=True,
        ),
        Scene("A mock interview", interview()),
        Scene(
            "Afterwards",
            (
                Line("How ready am I?", "progress_report", {}),
                Line(
                    "What did I note about shrinking the window?",
                    "retrieve_context",
                    {"query": "when to shrink the window", "kinds": ["lesson"], "k": 3},
                ),
                Line(
                    "Medium sliding-window problems I have not tried?",
                    "search_problems",
                    {
                        "skill": "sliding window",
                        "difficulty": "medium",
                        "status": "new",
                        "limit": 3,
                    },
                ),
                Line(
                    "Note: the recruiter's portal password is hunter2-and-more.",
                    "remember",
                    {"content": "Recruiter portal, password: hunter2-and-more", "tags": ["admin"]},
                ),
                Line(
                    "That does not belong here. Forget that note.",
                    "forget",
                    lambda seen: {"what": "memory", "id": seen["remember"]["memory_id"]},
                ),
            ),
        ),
    )


def _first_week(now: datetime) -> tuple[Line, ...]:
    return (
        _attempt(
            now, 13, "Two Sum, 11 minutes, easy.", "two-sum", "solved", minutes=11, confidence=5
        ),
        _attempt(
            now,
            12,
            "Longest Substring Without Repeating Characters: no. 40 minutes, and I never knew when "
            "to move the left end.",
            "longest substring without repeating characters",
            "failed",
            minutes=40,
            mistakes=["boundary"],
            culprit_skill="sliding window",
            note="Never knew when to move the left end of the window.",
        ),
        _attempt(
            now,
            11,
            "3Sum worked after a hint; duplicates got me.",
            "3sum",
            "solved_with_hints",
            minutes=34,
            hints=1,
            mistakes=["edge_case"],
            note="Duplicates: skip equal neighbours after a hit.",
        ),
        _attempt(
            now,
            9,
            "Coin Change: I went greedy, which is wrong, and ran out of time.",
            "coin-change",
            "failed",
            minutes=45,
            mistakes=["wrong_pattern", "time_management"],
            culprit_skill="dp",
            note="Greedy fails for coins 1, 3, 4 and amount 6.",
        ),
        _attempt(
            now,
            8,
            "Minimum Window Substring: gave up after 50 minutes.",
            "minimum-window-substring",
            "gave_up",
            minutes=50,
            mistakes=["boundary", "implementation_bug"],
            culprit_skill="sliding window",
            note="Measured the window before it was valid again.",
        ),
        Line(
            f"Keep this lesson. {LESSON}",
            "remember",
            {"content": LESSON, "kind": "lesson", "tags": ["sliding-window"]},
        ),
    )


def _second_week(now: datetime) -> tuple[Line, ...]:
    return (
        _attempt(
            now,
            6,
            "Number of Islands in 18 minutes.",
            "number-of-islands",
            "solved",
            minutes=18,
            confidence=4,
        ),
        _attempt(
            now,
            5,
            "Permutation in String: failed, off by one at the left end again.",
            "permutation-in-string",
            "failed",
            minutes=38,
            mistakes=["boundary"],
            culprit_skill="sliding window",
            note="Off by one at the left end.",
        ),
        _attempt(
            now,
            3,
            "House Robber, with one hint about the state.",
            "house-robber",
            "solved_with_hints",
            minutes=28,
            hints=1,
            note="State: best up to house i, taken or not.",
        ),
        _attempt(
            now,
            1,
            "Longest Repeating Character Replacement: failed, the validity check was wrong.",
            "longest-repeating-character-replacement",
            "failed",
            minutes=42,
            mistakes=["boundary", "rigor"],
            culprit_skill="sliding window",
            note="Did not say what makes a window valid before coding.",
        ),
    )


def _attempt(
    now: datetime, days_ago: int, words: str, problem: str, outcome: str, **more: Any
) -> Line:
    when = (now - timedelta(days=days_ago)).isoformat(timespec="seconds")
    return Line(
        words,
        "record_attempt",
        {"problem": problem, "outcome": outcome, "when": when, **more},
    )
