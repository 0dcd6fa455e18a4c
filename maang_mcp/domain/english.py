"""English word classes, as far as the shape of a sentence is read from them."""

# ruff: noqa: SIM905  # word lists read best as words

from __future__ import annotations

from typing import Final

SUBJECTS: Final = frozenset("i i'd i'll i'm i've we we'd we'll we're we've".split())

ARTICLES: Final = frozenset("a an the".split())

STARTERS: Final = (
    SUBJECTS
    | ARTICLES
    | frozenset("he it it's my our she that's there there's these they they're this those".split())
)
"""What begins a sentence, and does not follow a noun inside of one."""

VERBS: Final = frozenset(
    """
    am are aren't be been being can can't cannot could couldn't did didn't do does doesn't don't
    had hadn't has hasn't have haven't is isn't may might must should shouldn't was wasn't were
    weren't will won't would wouldn't it's that's there's they're
    """.split()
)
"""Auxiliaries, which any sentence may stand on."""

_DETERMINERS: Final = """
    a all an another any both each either every her his its my neither no our some such that the
    their these this those what which whose your
"""
_PREPOSITIONS: Final = """
    about above across after against along among around as at before behind below beside between
    beyond by despite down during except for from in inside into near of off on onto out outside
    over past per since through throughout to toward towards under until up upon via with within
    without
"""
_CONJUNCTIONS: Final = """
    although and because but how if nor once or so than though unless when whenever where whereas
    wherever whether while who whom why yet
"""
_PRONOUNS: Final = """
    everybody everyone he her hers herself him himself it itself me mine myself nobody none nothing
    one ours ourselves she somebody someone something them themselves there they us yours
"""
_ADVERBS: Final = """
    again ago almost already also always away back else ever even here instead just least less
    more most much never not now often only other own rather same soon still then too very
"""
CONNECTING: Final = VERBS | frozenset(
    " ".join((_DETERMINERS, _PREPOSITIONS, _CONJUNCTIONS, _PRONOUNS, _ADVERBS)).split()
)
"""Words that say nothing and hold the others together; "I" and "we" are left out, for they are what
a keyword list is made to look like a story with."""

PREPOSITIONS: Final = frozenset(_PREPOSITIONS.split())

IRREGULAR_PAST: Final = frozenset(
    """
    became began bent bet bid bought broke brought built came caught chose cost cut dealt drew drove
    fell felt fought found froze gave got grew heard held hid hit kept knew laid lay leapt learnt
    led left lent let lost made meant met paid put quit ran rang read rebuilt redid reran rewrote
    rode rose said sat saw sent set shook shot shrank shut slept sold sought spent split spoke
    spread stood stopped stuck swept swore taught thought threw told took understood undertook went
    withdrew woke won wore wound wrote
    """.split()
)
PRESENT: Final = frozenset(
    """
    arrives asks becomes begins blocks breaks brings builds calls causes checks comes costs creates
    decides delivers depends drops ends fails falls finds finishes gets gives goes grows handles
    helps holds keeps knows lasts leads leaves lets looks loses makes means moves needs opens owns
    pays posts processes puts reads replaces runs saves says sees sells sends serves shares ships
    shows sits starts stays stops takes tells tests thinks tries turns uses waits wants works
    writes
    """.split()
)
"""Common verbs in the third person, whatever noun some of them are as well."""

NOT_PAST: Final = frozenset(
    """
    biased breed embed exceed hundred indeed kindred naked need proceed sacred seed shed speed
    succeed unneeded unused wicked
    """.split()
)

BARE_AFTER_ARTICLE: Final = frozenset(
    """
    a am an and are as at be but by can could did do does for from had has have he i if in is it
    must of on or she should so that the they this to was we were while will with would
    """.split()
)
"""What no article stands before."""

BARE_AFTER_I: Final = frozenset(
    "a an the of to by from with i we is are has does it they he she my our your".split()
)
"""What does not follow an "I" that a sentence is about."""

GUIDE_WORDS: Final = frozenset(
    """
    accountability achievement achievements action actions adaptability agile collaboration
    communication customer-obsessed data-driven deliverable deliverables figure figures growth
    impact impactful initiative innovation integrity kpi kpis leader leadership learning learnings
    measurable metric metrics mindset number numbers okr okrs outcome outcomes ownership percent
    percentage principle principles proactive quantifiable quantified reflection reflections result
    results results-driven results-oriented roi self-starter situation situations stakeholder
    stakeholders star story strategic strategy success successes successful successfully synergy
    task tasks teamwork vision
    """.split()
)
"""The vocabulary of interview guides: it is about a story and tells none."""
