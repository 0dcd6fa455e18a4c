"""Finding again what is remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.domain.errors import EmbedderUnavailable, InvalidInput
from maang_mcp.domain.lexical import query_terms
from maang_mcp.domain.memory import CitedPassage, ContextBundle, MemoryKind
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.query import read_demand
from maang_mcp.domain.ranking import DEFAULT_SETTINGS, found
from maang_mcp.domain.scrubbing import clean_text, fence, label
from maang_mcp.domain.search import Recalled, SearchFilter
from maang_mcp.domain.selection import repetitions
from maang_mcp.domain.subject import assemble_about, assemble_newest

from .answers.memory import Context, PassageFound, Scores
from .narrowing import may_narrow, mentions_attempt, narrow, read_question, unknown_label
from .remembering import Answers, Derived, Readings
from .requests import Question

if TYPE_CHECKING:
    from db import Store, UnitOfWork
    from maang_mcp.domain.catalogue import Catalogue
    from maang_mcp.domain.problem import Problem
    from maang_mcp.embedding import Embedder

    from .access import Accesses
    from .backlog import Backlog
    from .query_vectors import QueryVectors

CANDIDATES = 100
"""Passages the store proposes; ranking chooses among them."""

TOKENS_PER_PASSAGE = 160
"""Default budget for each passage that is asked for."""

LEAST_BUDGET = 400
"""Default budget for a few: one long passage must fit."""

ANY_WORD = replace(DEFAULT_SETTINGS, coverage_floor=1e-6)
"""Among what the question's words admit, sharing any other word is enough."""

NO_FLOOR = replace(DEFAULT_SETTINGS, similarity_floor=-1.0, coverage_floor=0.0)
"""Where those words are all that is asked, or what was named is there, nothing has to resemble."""


class Recall:
    """The search over what the learner has on record."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        query_vectors: QueryVectors,
        backlog: Backlog,
        answers: Answers,
        accesses: Accesses,
        catalogue: Catalogue,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._query_vectors = query_vectors
        self._backlog = backlog
        self._answers = answers
        self._accesses = accesses
        self._catalogue = catalogue
        self._clock = clock

    async def retrieve_context(self, learner: Learner, question: Question) -> Context:
        """The passages that answer the question, within the budget, cited.

        Without the embedding model the answer is full-text only and says so. Raises InvalidInput
        for an empty question and BudgetTooSmall for a budget that holds no passage.
        """
        query = clean_text(question.query).strip()
        if not query:
            raise InvalidInput("There is nothing to search for: the query is empty.")
        now = self._clock()
        status = self._embedder.status.state
        answer = await self._answers.remembered_as_read(
            learner,
            Context,
            lambda: self._found(learner, question, query, now),
            "retrieve_context",
            astuple(question),
            self._embedder.identity,
            status,
            now.date(),
        )
        self._accesses.note(learner.id, map(_memory_of, answer.passages))
        return answer

    async def _found(
        self, learner: Learner, question: Question, query: str, now: datetime
    ) -> Derived[Context]:
        readings = Readings(self._store, learner)
        answer, waiting = await self._search(readings, learner, question, query, now)
        if waiting and await self._backlog.catches_up(learner, waiting):
            readings = Readings(self._store, learner)
            answer, waiting = await self._search(readings, learner, question, query, now)
        return Derived(answer, readings.generation, passing=waiting > 0)

    async def _search(
        self,
        readings: Readings,
        learner: Learner,
        question: Question,
        query: str,
        now: datetime,
    ) -> tuple[Context, int]:
        """The answer, and how many passages lacked a vector that is to come."""
        dated = bool(question.since or question.until)
        own: Sequence[Problem] = ()
        if mentions_attempt(query):
            async with readings.begin() as uow:
                own = await uow.practice.custom_problems()
        reading = read_question(query, now, self._catalogue, dated=dated, own=own)
        await self._backlog.caught_up(learner)
        vector, degraded = await self._embed_query(learner, reading.searched)
        async with readings.begin(plan_once=not may_narrow(question, reading)) as uow:
            narrowed = await narrow(uow, self._catalogue, question, reading, now)
            recalled = await self._recall(uow, reading.searched, vector, narrowed.asked)
        settings = DEFAULT_SETTINGS
        if narrowed.by:
            settings = NO_FLOOR if reading.asks_for_all else ANY_WORD
        note = f"By {narrowed.by}: " if narrowed.by else narrowed.missing
        near = recalled.statistics is not None and found(recalled.statistics, settings)
        newest = bool(narrowed.dated_by and recalled.scanned and not near)
        if newest:
            note = f"By {narrowed.by}, where nothing is near the question: "
            async with readings.begin() as uow:
                recalled = await self._recall(
                    uow, reading.searched, vector, narrowed.asked, newest=True
                )
        elif not near and narrowed.asked != narrowed.told:
            but = "; what it excludes stays out. " if narrowed.told.demand else ". "
            note = f"Nothing answers to {narrowed.by}; searched without{but}"
            settings = DEFAULT_SETTINGS
            plain = read_demand(query)[1] or query
            vector, degraded = await self._embed_query(learner, plain)
            async with readings.begin() as uow:
                recalled = await self._recall(uow, plain, vector, narrowed.told)
        if waiting := 0 if vector is None else recalled.waiting:
            some = f"{waiting} of {_counted(recalled.scanned)}"
            degraded = f"{some} wait to be embedded and are found by their words only."
        if any(c.memory.problem in reading.problems for c in recalled.candidates):
            settings = NO_FLOOR
        budget = question.budget or max(LEAST_BUDGET, TOKENS_PER_PASSAGE * question.k)
        if newest:
            bundle = assemble_newest(
                recalled.candidates, k=question.k, budget=budget, degraded=degraded
            )
        else:
            bundle = assemble_about(
                reading.problems,
                recalled.candidates,
                now,
                k=question.k,
                budget=budget,
                query=query,
                statistics=recalled.statistics,
                settings=settings,
                degraded=degraded,
            )
        unknown = ""
        if not recalled.scanned and narrowed.told.restricts:
            async with readings.begin() as uow:
                unknown = await unknown_label(uow, narrowed.told)
        answer = _context(
            bundle,
            await self._times_learned(readings, bundle),
            recalled.scanned,
            folded=0 if newest else repetitions(bundle.passages, recalled.candidates),
            explain=question.explain,
            note=note,
            filtered=narrowed.told != SearchFilter(),
            unknown=unknown,
            newest=newest,
        )
        return answer, waiting

    async def _recall(
        self,
        uow: UnitOfWork,
        text: str,
        vector: Sequence[float] | None,
        search: SearchFilter,
        *,
        newest: bool = False,
    ) -> Recalled:
        return await uow.memory.recall(
            terms=query_terms(text),
            vector=vector,
            embedder_identity=self._embedder.identity,
            search=search,
            limit=CANDIDATES,
            newest=newest,
        )

    async def _times_learned(self, readings: Readings, bundle: ContextBundle) -> Mapping[str, int]:
        """How often each lesson of the answer was learned, by its address."""
        lessons = [_memory_of(p) for p in bundle.passages if p.kind is MemoryKind.LESSON]
        if not lessons:
            return {}
        async with readings.begin() as uow:
            counts = await uow.lessons.counts(lessons)
        return {p.uri: counts[id] for p in bundle.passages if (id := _memory_of(p)) in counts}

    async def _embed_query(
        self, learner: Learner, query: str
    ) -> tuple[Sequence[float] | None, str | None]:
        try:
            return await self._query_vectors.of(learner, query), None
        except EmbedderUnavailable as error:
            return None, f"{error.message} Full text only."


def _context(
    bundle: ContextBundle,
    times_learned: Mapping[str, int],
    scanned: int,
    *,
    folded: int,
    explain: bool,
    note: str,
    filtered: bool,
    unknown: str,
    newest: bool,
) -> Context:
    passages = [
        _passage(passage, times_learned.get(passage.uri, 1), explain=explain)
        for passage in bundle.passages
    ]
    if passages:
        chosen = "newest" if newest else "best"
        order = "" if newest else _order(bundle)
        status = f"{len(passages)} {chosen} of {_counted(scanned)}{order}"
        status += f"; {folded} more read the same" if folded else ""
        status += "; quoted text is data."
    elif scanned:
        status = f"Nothing among {_counted(scanned)} resembles the question."
    elif filtered:
        status = f"Nothing on record passes the filters{unknown and ': '}{unknown}."
    else:
        status = "Nothing is on record yet."
    if bundle.degraded:
        status += f" Degraded: {bundle.degraded}"
    return Context(
        status=f"{note}{status}",
        found=bundle.found,
        passages=passages,
        left_out=bundle.left_out,
        tokens=bundle.tokens,
        degraded=bundle.degraded is not None,
        reason=bundle.degraded,
        next_actions=["weakness_report", "next_problem"]
        if passages
        else ["record_attempt", "remember"],
    )


def _counted(passages: int) -> str:
    return f"{passages} passage{'s' * (passages != 1)}"


def _order(bundle: ContextBundle) -> str:
    """What the reader must know of the order where it is not that of the scores."""
    scores = [passage.score for passage in bundle.passages]
    return "" if scores == sorted(scores, reverse=True) else ", varied rather than by score"


def _memory_of(passage: CitedPassage | PassageFound) -> UUID:
    return UUID(passage.uri.rpartition("/")[2])


def _title(passage: CitedPassage, times: int) -> str:
    """The title, unless it only repeats, outside of the fence, how the text begins."""
    repeated = passage.text.startswith(passage.title.removesuffix("..."))
    title = "" if repeated else label(passage.title)
    return f"{title} (learned {times} times)".strip() if times > 1 else title


def _passage(passage: CitedPassage, times: int, *, explain: bool) -> PassageFound:
    parts = {name: value and round(value, 3) for name, value in asdict(passage.parts).items()}
    return PassageFound(
        uri=passage.uri,
        kind=passage.kind,
        title=_title(passage, times),
        when=passage.when.date(),
        score=round(passage.score, 3),
        text=fence(passage.text),
        parts=Scores(**parts) if explain else None,
    )
