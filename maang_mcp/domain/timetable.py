"""Laying out a study plan: reviews, mock interviews and new problems into the days there are.

A day begins with reviews, as many as their share of the week so far allows, then a mock where one
is due, then new problems in the order of the syllabus. What a session leaves over goes to the next
one of the week, and at the end of it to the reviews that wait. Once nothing is required any more,
reviews have all the time there is, and more practice comes when none of them waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from .mock_rhythm import MOCK_MINUTES, Mocks
from .planning import REVIEW_SHARE
from .practice_days import LONGEST_SESSION, SHORTEST_SESSION, Slot, WeekFrame, longest_slot
from .review_load import ReviewLoad
from .study_plan import ItemKind, PlanItem, PlanWeek, Session
from .syllabus import Step

SHORTEST_REVIEW = 5
"""Minutes below which no review is looked for."""
LIGHT_PROBLEM = 20
"""Minutes of the longest new problem on a light day."""
LOOK_AHEAD = 12
"""Further steps kept at hand, among which one is looked for that still fits a session."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """The weeks as they were filled, and the required steps there was no time for.

    `needed` are the minutes the goal takes: all that is planned up to the last required problem.
    """

    weeks: tuple[PlanWeek, ...]
    left: tuple[Step, ...]
    needed: int


def timetable(
    frames: Sequence[WeekFrame],
    required: Iterable[Step],
    further: Iterator[Step],
    load: ReviewLoad,
    mocks: Mocks,
) -> Timetable:
    """Fills the weeks. `load` is used up: it is the simulation itself.

    `further` steps are taken when all those `required` are in that any session can hold, and no
    review waits.
    """
    longest = longest_slot(frames)
    hopeful, hopeless = _sorted_out(required, longest)
    desk = _Desk(hopeful, further, load, mocks, longest)
    weeks = tuple(desk.fill(frame) for frame in frames)
    left = (*hopeless, *(step for step in desk.steps if step.required))
    return Timetable(weeks, left, desk.needed)


def fits(
    frames: Sequence[WeekFrame], required: Iterable[Step], load: ReviewLoad, mocks: Mocks
) -> bool:
    """Whether `timetable` would leave no required step, found out with the fewest weeks laid."""
    longest = longest_slot(frames)
    hopeful, hopeless = _sorted_out(required, longest)
    if hopeless:
        return False
    desk = _Desk(hopeful, iter(()), load, mocks, longest)
    missing = sum(step.problem.minutes for step in desk.steps)
    room = sum(slot.minutes for frame in frames for slot in frame.slots)
    for frame in frames:
        if not desk.steps or missing > room:
            break
        missing -= desk.fill(frame).minutes_of(ItemKind.NEW)
        room -= sum(slot.minutes for slot in frame.slots)
    return not desk.steps


def _sorted_out(required: Iterable[Step], longest: int) -> tuple[list[Step], list[Step]]:
    """The steps that can come in some session, and those that never can."""
    hopeful, hopeless, brought = list[Step](), list[Step](), set[str]()
    for step in required:
        if step.problem.minutes <= longest and step.needs <= brought:
            hopeful.append(step)
            brought.update(step.problem.skills)
        else:
            hopeless.append(step)
    return hopeful, hopeless


class _Desk:
    """What is still to be planned while the days go by."""

    def __init__(
        self,
        required: Iterable[Step],
        further: Iterator[Step],
        load: ReviewLoad,
        mocks: Mocks,
        longest: int,
    ) -> None:
        self.steps = list(required)
        self.needed = 0
        self._further = further
        self._longest = longest
        self._load = load
        self._mocks = mocks
        self._last_mock: date | None = None
        self._held = 0
        self._brought: set[str] = set()

    def fill(self, frame: WeekFrame) -> PlanWeek:
        """One week's sessions; the reasons name what keeps the rest of its time free."""
        sessions, reviewed, room, over = [], 0, 0, 0
        for slot, after in zip_longest(frame.slots, frame.slots[1:]):
            room += slot.minutes
            left = slot.minutes if slot.light else min(slot.minutes + over, LONGEST_SESSION)
            share = int(REVIEW_SHARE * room) - reviewed
            passed_on = LONGEST_SESSION - after.minutes if after and not after.light else 0
            items = self._session(slot, left, share, passed_on)
            reviewed += sum(item.minutes for item in items if item.kind is ItemKind.REVIEW)
            over = left - _minutes(items)
            if items:
                sessions.append(Session(slot.day, tuple(items)))
        planned = sum(session.minutes for session in sessions)
        reasons = self._reasons(frame, frame.available - planned)
        waiting = self._load.waiting(frame.ends_on)
        return PlanWeek(
            frame.starts_on, frame.ends_on, frame.available, tuple(sessions), waiting, reasons
        )

    def _session(self, slot: Slot, left: int, share: int, passed_on: int) -> list[PlanItem]:
        """One day's items; of what it leaves, `passed_on` minutes can go to the next session.

        Reviews keep to their share while there is something required that they would keep away:
        not on a light day, nor from minutes that would be lost. Further practice waits for them.
        """
        if self._still_required and not slot.light:
            items = self._reviews(slot, min(left, share))
            items += self._mock(slot, left - _minutes(items))
            items += self._new(slot, left - _minutes(items), required=True)
            lost = left - _minutes(items) - (passed_on if self._still_required else 0)
            items += self._reviews(slot, lost)
        else:
            mock = self._mock(slot, left)
            items = self._reviews(slot, left - _minutes(mock)) + mock
            items += self._new(slot, left - _minutes(items), required=True)
        if not self._still_required and not self._load.waiting(slot.day):
            items += self._new(slot, left - _minutes(items), required=False)
        return items

    def _reviews(self, slot: Slot, allowed: int) -> list[PlanItem]:
        if allowed < SHORTEST_REVIEW:
            return []
        items = [
            PlanItem(
                ItemKind.REVIEW,
                held.minutes,
                held.problem.round,
                held.problem.slug,
                held.problem.skills[0] if held.problem.skills else None,
                held.expected,
            )
            for held in self._load.review(slot.day, allowed)
        ]
        self._count(items)
        return items

    def _mock(self, slot: Slot, left: int) -> list[PlanItem]:
        if left < MOCK_MINUTES or not self._mocks.is_due(slot, self._last_mock):
            return []
        round = self._mocks.rounds[self._held % len(self._mocks.rounds)]
        self._last_mock, self._held = slot.day, self._held + 1
        items = [PlanItem(ItemKind.MOCK, MOCK_MINUTES, round)]
        self._count(items)
        return items

    def _new(self, slot: Slot, left: int, *, required: bool) -> list[PlanItem]:
        items = list[PlanItem]()
        while self._still_required is required:
            if not required:
                self._look_ahead()
            step = self._fitting(min(left, LIGHT_PROBLEM) if slot.light else left)
            if step is None:
                break
            item = PlanItem(
                ItemKind.NEW,
                step.problem.minutes,
                step.problem.round,
                step.problem.slug,
                step.skill,
                step.expected,
            )
            self._count([item])
            self.steps.remove(step)
            self._brought.update(step.problem.skills)
            self._load.practise(step.problem, step.expected, slot.day)
            left -= item.minutes
            items.append(item)
        return items

    def _count(self, items: Iterable[PlanItem]) -> None:
        """What is laid while something required is left is what the goal takes."""
        if self._still_required:
            self.needed += _minutes(items)

    @property
    def _still_required(self) -> bool:
        return bool(self.steps) and self.steps[0].required

    def _fitting(self, minutes: int) -> Step | None:
        """The next step that fits and whose prerequisites have come."""
        for step in self.steps:
            if step.problem.minutes <= minutes and step.needs <= self._brought:
                return step
        return None

    def _look_ahead(self) -> None:
        """Keeps some further steps at hand, those that a session can ever hold."""
        within = self._brought.union(*(step.problem.skills for step in self.steps))
        while len(self.steps) < LOOK_AHEAD and (step := next(self._further, None)):
            if step.problem.minutes <= self._longest and step.needs <= within:
                self.steps.append(step)
                within.update(step.problem.skills)

    def _reasons(self, frame: WeekFrame, unplanned: int) -> tuple[str, ...]:
        if not unplanned:
            return ()
        if not frame.slots:
            return (f"less than {SHORTEST_SESSION} minutes are no session",)
        last, reasons = frame.slots[-1], []
        if last.light:
            reasons.append("the last day before the goal is light")
        elif frame.unusable:
            reasons.append(f"no day is planned beyond {LONGEST_SESSION // 60} hours")
        if not self._still_required:
            self._look_ahead()
        if not self.steps:
            reasons.append("the catalogue has no further new problem for these rounds")
        if unplanned > frame.unusable and (self.steps or self._load.waiting(last.day)):
            reasons.append("what is left of a session is too short for the next item")
        return tuple(reasons)


def _minutes(items: Iterable[PlanItem]) -> int:
    return sum(item.minutes for item in items)
