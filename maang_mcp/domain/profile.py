"""What a candidate prepares for, and how they want to be coached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from .errors import InvalidInput
from .level import Level, resolve_level


@dataclass(frozen=True, slots=True)
class Profile:
    """The goal and the constraints; every field may be unknown.

    `hours_per_week` is the time the candidate can practise; `timezone` an IANA name by which
    their days begin; `coach_style` and `custom_instructions` are their own words.
    """

    name: str | None = None
    target_companies: tuple[str, ...] = ()
    target_level: str | None = None
    interview_date: date | None = None
    hours_per_week: float | None = None
    language: str | None = None
    coach_style: str | None = None
    custom_instructions: str | None = None
    timezone: str | None = None

    @property
    def level(self) -> Level | None:
        """The level that is aimed at, None when none is named: read on the ladder of the company
        named first, or on the common one where that company has no such rung."""
        if self.target_level is None:
            return None
        try:
            return resolve_level(self.target_level, next(iter(self.target_companies), None))
        except InvalidInput:
            return resolve_level(self.target_level)

    def days_to_interview(self, today: date) -> int | None:
        """Whole days left; negative after the interview, None without a date."""
        return (self.interview_date - today).days if self.interview_date else None


_LEARNERS = UUID("6f6f1f5e-6a4e-5c53-9a49-3f2f8b1d7c11")


@dataclass(frozen=True, slots=True)
class Learner:
    """Whose preparation it is: the key in the store, and the subject that signed in."""

    id: UUID
    subject: str

    @classmethod
    def of(cls, subject: str) -> Learner:
        """The learner behind a subject. The key follows from the name (UUID version 5), so that
        every process knows it without asking."""
        return cls(uuid5(_LEARNERS, subject), subject)
