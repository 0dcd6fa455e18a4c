"""The facts of an answer as lines of text: every word and number of them is the server's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from .lines import Answer

LONGEST_EXCERPT: Final = 160


def facts(tool: str, answer: Answer) -> list[str]:
    """What to show of a tool's answer under its status."""
    return list(_FACTS[tool](answer))


def _briefing(answer: Answer) -> Iterator[str]:
    for due in answer["due"]:
        yield (
            f"due: {due['problem']}, {due['overdue_days']} days over, "
            f"{_percent(due['retrievability'])} still remembered"
        )
    for spot in answer["weaknesses"]:
        yield (
            f"weak: {spot['name']}, severity {spot['severity']}/10, "
            f"confidence {spot['confidence']}, n = {spot['n']}"
        )
    yield f"proposal: {answer['proposal']}"


def _profile(answer: Answer) -> Iterator[str]:
    companies = ", ".join(answer["target_companies"])
    yield (
        f"{answer['name']}: {companies} {answer['target_level']}, interview "
        f"{answer['interview_date']} (in {answer['days_to_interview']} days), "
        f"{answer['hours_per_week']:g} hours a week, style: {answer['coach_style']}"
    )


def _attempt(answer: Answer) -> Iterator[str]:
    for skill in answer["skills"][:3]:
        if not skill["change"]:
            continue
        yield (
            f"{skill['skill']} {skill['change']:+.2f}, now {_percent(skill['mastery'])} on a "
            f"medium problem, n = {skill['n']}"
        )


def _context(answer: Answer) -> Iterator[str]:
    for passage in answer["passages"]:
        yield f"{passage['when']} {passage['kind']}, score {passage['score']}: {passage['title']}"
        yield f"  {_excerpt(passage['text'])}"
    if answer["degraded"]:
        yield f"degraded: {answer['reason']}"


def _weaknesses(answer: Answer) -> Iterator[str]:
    for number, found in enumerate(answer["weaknesses"]):
        yield (
            f"{found['kind']} {found['name']}: severity {found['severity']}/10, confidence "
            f"{found['confidence']} ({found['label']}), n = {found['n']}, trend: {found['trend']}"
        )
        yield f"  {found['recommendation']}"
        if number == 0:
            yield f"  seen: {'; '.join(map(_citation, found['evidence'][:3]))}"
    for strength in answer["strengths"]:
        yield f"strong: {strength['skill']}, {_percent(strength['mastery'])}, n = {strength['n']}"


def _citation(citation: Answer) -> str:
    expected = citation["predicted"]
    chance = "" if expected is None else f" (expected {_percent(expected)})"
    return f"{citation['when']} {citation['problem']} {citation['outcome'] or ''}{chance}"


def _next(answer: Answer) -> Iterator[str]:
    problem = answer["problem"]
    if problem is not None:
        yield (
            f"{problem['minutes']} minutes, {', '.join(problem['skills'])}; chance to solve it "
            f"{_percent(answer['success_probability'])}; {problem['url']}"
        )


def _plan(answer: Answer) -> Iterator[str]:
    fit = answer["feasibility"]
    yield (
        f"{fit['planned_minutes']} of {fit['available_minutes']} minutes planned, "
        f"{fit['required_minutes']} asked for; from n = {answer['attempts']} attempts"
    )
    yield from answer["weeks"]
    for session in answer["next_sessions"][:2]:
        yield f"{session['day']}, {session['minutes']} minutes: {'; '.join(session['items'])}"


def _progress(answer: Answer) -> Iterator[str]:
    for ready in answer["readiness"]:
        known = ready["probability"]
        chance = "" if known is None else f"{_percent(known)} "
        chance += f"({_percent(ready['low'])} to {_percent(ready['high'])}), " if chance else ""
        yield f"{ready['round']}: {chance}n = {ready['n']}; {ready['means']}"
    streak = answer["streak"]
    yield (
        f"streak: {streak['current']} days, longest {streak['longest']}, "
        f"{streak['active_days']} of the last 28 with practice"
    )


def _started(answer: Answer) -> Iterator[str]:
    brief = answer["candidate_brief"]
    yield f"{brief['title']} ({answer['chosen_because']})"
    yield from brief["text"].splitlines()
    phases = ", ".join(f"{name} {minutes:g}" for name, minutes in answer["phases"].items())
    yield f"phases in minutes: {phases}"


def _stepped(answer: Answer) -> Iterator[str]:
    if "hint" in answer:
        yield f"hint: {answer['hint']}"
        yield f"  {answer['hint_cost']} {answer['hints_left']} left."


def _finished(answer: Answer) -> Iterator[str]:
    for result in answer["scores"]:
        ceiling = f" ({result['ceiling']})" if result["ceiling"] else ""
        yield f"{result['dimension']}: given {result['given']}, counts {result['score']}{ceiling}"
    for raised in answer["would_have_raised_it"]:
        yield f"would have raised it: {raised}"
    yield f"next review of the question: {answer['next_review']}"


def _checked(answer: Answer) -> Iterator[str]:
    for test in answer["visible"]:
        yield f"visible {test['given']} -> {test['answer']}: {test['result']}"
    for aspect, failed in answer["hidden_failed"].items():
        yield f"hidden, {aspect}: {failed} failed"


def _problems(answer: Answer) -> Iterator[str]:
    for problem in answer["problems"]:
        yield f"{problem['title']} ({problem['difficulty']}, {problem['minutes']} minutes)"


def _remembered(answer: Answer) -> Iterator[str]:
    if answer["secrets_removed"]:
        yield f"secrets removed before it was stored: {answer['secrets_removed']}"


def _nothing(_: Answer) -> Iterator[str]:
    yield from ()


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_EXCERPT else f"{line[:LONGEST_EXCERPT].rstrip()} ..."


_FACTS: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]]] = {
    "get_briefing": _briefing,
    "update_profile": _profile,
    "record_attempt": _attempt,
    "retrieve_context": _context,
    "weakness_report": _weaknesses,
    "next_problem": _next,
    "make_plan": _plan,
    "progress_report": _progress,
    "start_interview": _started,
    "interview_step": _stepped,
    "finish_interview": _finished,
    "check_solution": _checked,
    "search_problems": _problems,
    "remember": _remembered,
    "forget": _nothing,
}
