"""Which question an interview is about, and what is known of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

from maang_mcp.content.questions import questions
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.errors import InvalidInput, UnknownProblem
from maang_mcp.domain.level import Level
from maang_mcp.domain.mastery import LearnerState
from maang_mcp.domain.planning import REVIEW_SHARE
from maang_mcp.domain.problem import Difficulty, Problem
from maang_mcp.domain.problem_search import standing
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.question import Question
from maang_mcp.domain.scheduling import Review, retrievability
from maang_mcp.domain.skills import Round, SkillGraph

from .record import Record
from .shelf import Asked, Shelf

if TYPE_CHECKING:
    from db import UnitOfWork

ASKED_AT: Mapping[Level, tuple[Difficulty, ...]] = {
    Level.ENTRY: (Difficulty.EASY, Difficulty.MEDIUM),
    Level.MID: (Difficulty.MEDIUM, Difficulty.EASY),
    Level.SENIOR: (Difficulty.MEDIUM, Difficulty.HARD),
    Level.STAFF: (Difficulty.HARD, Difficulty.MEDIUM),
}
"""Difficulties asked at each level, the usual one first."""

RECENTLY_ASKED = 30
"""Interviews back within which a question is not asked again."""

OPENERS = frozenset({"motivation"})
"""Skills whose questions open a conversation: no answer to one shows what a round is judged by."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A question and the reason it was chosen, in a sentence; `further` are the slugs of those to
    ask after it, in a round that asks several."""

    asked: Asked
    reason: str
    further: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sought:
    """What an interview wants: `count` questions, of these `skills` unless None, in `minutes`."""

    level: Level
    round: Round
    skills: frozenset[str] | None
    minutes: int
    count: int

    def of_focus(self, skills: Collection[str]) -> bool:
        """Whether a question of these skills is on what was asked for."""
        return self.skills is None or not self.skills.isdisjoint(skills)

    def bears(self, skills: Sequence[str]) -> bool:
        """Whether the round can begin with one of these skills: an opener is never all of it,
        unless it was asked for."""
        opens = bool(skills) and skills[0] in OPENERS
        return not opens or self.count > 1 or self.skills == frozenset(skills[:1])

    def is_too_long(self, minutes: int) -> bool:
        """Whether a question of so many minutes takes longer than there is; where several are
        asked, the agenda gives each its time."""
        return self.count == 1 and minutes > self.minutes


class Questions:
    """Chooses questions from what is due and what is weak, and finds them again by slug."""

    def __init__(self, catalogue: Catalogue, graph: SkillGraph) -> None:
        self._catalogue = catalogue
        self._graph = graph
        self._shelf = Shelf(catalogue)

    async def asked(self, uow: UnitOfWork, slug: str) -> Asked:
        """The question of that slug. Raises UnknownProblem when there is none any more."""
        found = self._shelf.known(slug, await uow.practice.custom_problems())
        if found is None:
            raise UnknownProblem(f"No question goes by the name {slug[:80]!r}.")
        return found

    async def choose(
        self,
        uow: UnitOfWork,
        learner: Learner,
        now: datetime,
        *,
        level: Level,
        round: Round,
        focus: str | None,
        named: str | None,
        minutes: int,
        count: int = 1,
    ) -> Choice:
        """The question somebody named, or the one that serves this learner best now; and as many
        more as make `count`, on the focus while there are any, then each on another skill.

        Now and then that is a problem due for review; otherwise a question of our own that was
        not asked lately, on the skill most in need, at the difficulty the level asks for. When all
        of ours were, it is a well-known problem that is new to the learner. One that takes longer
        than `minutes` comes only where all do; the reason then says that a part is expected.
        Raises UnknownProblem for a name nobody knows, InvalidInput for one of another round.
        """
        skills = frozenset(skill.id for skill in self._graph.topic(focus)) if focus else None
        sought = _Sought(level, round, skills, minutes, count)
        record = await Record.read(uow, evidence=False)
        recent = [
            slug
            for interview in await uow.interview.recent(RECENTLY_ASKED)
            for slug in interview.questions
        ]
        choice = self._first(record, learner, now, sought, named, recent)
        if sought.is_too_long(takes := _minutes(choice.asked, level)):
            part = f"It takes {takes} minutes: in {minutes}, only a part of it is expected."
            return replace(choice, reason=f"{choice.reason} {part}")
        return replace(choice, further=self._further(choice.asked, record, now, sought, recent))

    def _first(
        self,
        record: Record,
        learner: Learner,
        now: datetime,
        sought: _Sought,
        named: str | None,
        recent: Sequence[str],
    ) -> Choice:
        own, level = list(record.own.values()), sought.level
        if named:
            return Choice(self._shelf.named(named, own, sought.round), "It was asked for.")
        dice = Random(f"interview:{learner.id}:{record.generation}")
        due = [review for review in record.due(now) if self._fits(review, own, sought)]
        if due and dice.random() < REVIEW_SHARE:
            return self._review(due, own, now)
        bank = [
            question
            for question in questions().values()
            if question.round is sought.round
            and sought.of_focus(question.skills)
            and sought.bears(question.skills)
        ]
        fresh = [question for question in bank if question.slug not in recent]
        if fresh:
            shortest = min(question.minutes[level] for question in fresh)
            in_time = [one for one in fresh if not sought.is_too_long(one.minutes[level])]
            best = in_time or [one for one in fresh if one.minutes[level] == shortest]
            return self._ours_in_need(best, record.state, level, now, dice)
        seen = {*recent, *record.last}
        known = [
            problem
            for problem in self._catalogue
            if problem.slug not in seen
            and problem.round is sought.round
            and problem.difficulty in ASKED_AT[level]
            and problem.skills
            and sought.of_focus(problem.skills[:1])
            and sought.bears(problem.skills)
        ]
        if known:
            return self._known_in_need(known, record.state, level, now, dice)
        if bank:
            longest_ago = max(bank, key=lambda question: recent.index(question.slug))
            return Choice(self._shelf.ours(longest_ago), "Everything that fits was asked lately.")
        raise InvalidInput(
            "There is no question of that round and focus yet.",
            hint="Leave out the focus, or name a problem with `question`.",
        )

    def _further(
        self,
        first: Asked,
        record: Record,
        now: datetime,
        sought: _Sought,
        recent: Sequence[str],
    ) -> tuple[str, ...]:
        """Questions of ours on the focus, then on the skills next in need; fresh ones before those
        asked lately, and none that is only an opener."""
        skills = set(first.problem.skills[:1])
        ranked = sorted(
            (
                question
                for question in questions().values()
                if question.round is sought.round
                and question.slug != first.slug
                and question.skills[0] not in OPENERS
            ),
            key=lambda question: (
                not sought.of_focus(question.skills),
                recent.count(question.slug),
                _misfit(question.difficulty, sought.level),
                record.state.skill(question.skills[0], now).mean,
                question.slug,
            ),
        )
        taken: list[str] = []
        for question in ranked:
            if len(taken) == sought.count - 1:
                break
            on_focus = sought.skills is not None and sought.of_focus(question.skills)
            if on_focus or question.skills[0] not in skills:
                taken.append(question.slug)
                skills.add(question.skills[0])
        return tuple(taken)

    def _ours_in_need(
        self,
        bank: Sequence[Question],
        state: LearnerState,
        level: Level,
        now: datetime,
        dice: Random,
    ) -> Choice:
        def need(question: Question) -> tuple[int, float]:
            primary = state.skill(question.skills[0], now)
            return (
                _misfit(question.difficulty, level),
                dice.gauss(primary.mean, primary.variance**0.5),
            )

        best = min(bank, key=need)
        skill = self._graph[best.skills[0]]
        tried = state.skill(skill.id, now).attempts
        reason = (
            f"{skill.name}: {tried} attempt{'s' * (tried > 1)} on record; "
            f"{best.difficulty} suits this level."
            if tried
            else f"{skill.name} is untested; {best.difficulty} suits this level."
        )
        return Choice(self._shelf.ours(best), reason)

    def _known_in_need(
        self,
        problems: Sequence[Problem],
        state: LearnerState,
        level: Level,
        now: datetime,
        dice: Random,
    ) -> Choice:
        drawn = {}
        for id in sorted({problem.skills[0] for problem in problems}):
            believed = state.skill(id, now)
            drawn[id] = dice.gauss(believed.mean, believed.variance**0.5)
        best = min(
            problems,
            key=lambda problem: (
                _misfit(problem.difficulty, level),
                drawn[problem.skills[0]],
                standing(problem),
            ),
        )
        name = self._graph[best.skills[0]].name
        reason = (
            f"No question of our own that fits is new; this well-known one is on {name}, "
            f"and {best.difficulty} suits this level."
        )
        return Choice(self._shelf.theirs(best), reason)

    def _review(self, due: Sequence[Review], own: Sequence[Problem], now: datetime) -> Choice:
        review = min(due, key=lambda review: retrievability(review, now))
        found = self._shelf.known(review.problem, own)
        assert found is not None
        recalled = f"{retrievability(review, now):.0%}"
        return Choice(found, f"Due for review: remembered with a probability of {recalled}.")

    def _fits(self, review: Review, own: Sequence[Problem], sought: _Sought) -> bool:
        known = self._shelf.known(review.problem, own)
        return (
            known is not None
            and known.problem.round is sought.round
            and sought.of_focus(known.problem.skills)
            and sought.bears(known.problem.skills)
            and not sought.is_too_long(_minutes(known, sought.level))
        )


def _minutes(asked: Asked, level: Level) -> int:
    """What a candidate of a level gets for a complete answer."""
    return asked.problem.minutes if asked.question is None else asked.question.minutes[level]


def _misfit(difficulty: Difficulty, level: Level) -> int:
    """How far a difficulty is from the one usually asked at a level: 0 is that one."""
    wanted = ASKED_AT[level]
    return wanted.index(difficulty) if difficulty in wanted else len(wanted)
