"""What candidates say in the tests: enough of it to be judged at all."""

from __future__ import annotations

from typing import Final

from maang_mcp.content.questions import questions

QUESTION: Final = "coupling-wagons"

IDEA: Final = (
    "I would walk along the train once and couple every wagon to one of two chains, the ones that"
    " stay and the ones for the station, and remember the last wagon of each. At the end I couple"
    " the second chain to the first and cut what hangs behind. Each wagon is looked at once, so"
    " the time is linear, and I keep four references whatever the length of the train."
)
COST: Final = "Linear time and constant space, because no wagon is copied."
TRACE: Final = (
    "I trace an empty train first, where both chains stay empty and None comes back, then a train"
    " on which all wagons are bound for the station."
)

_CODE = questions()[QUESTION].code
assert _CODE is not None
RIGHT: Final = _CODE.solutions[0].code
OTHER: Final = _CODE.solutions[1].code
WRONG: Final = _CODE.wrong[0].code

DESIGN: Final = (
    "I assume five million new texts a day, which is about sixty writes a second, and ten times"
    " as many reads. A load balancer leads to stateless servers; the text goes to an object store"
    " under a random name and a small record with owner and expiry to a key value store, because"
    " texts are large and never change, so copies cannot become stale. I give up listing by"
    " content for that."
)

FAILURE: Final = (
    "In March I led the migration of our billing jobs, and I switched off the old scheduler"
    " before I had checked that the new one sent invoices. For two days 1,400 customers got none."
    " I told my manager within the hour, wrote a script that found every missing invoice, and sent"
    " them all by the next evening. I had skipped the comparison because I was sure of my own"
    " code."
)
LESSON: Final = (
    "Since then I run old and new side by side for a week. In June that showed me a rounding"
    " error before a single customer saw it, so it cost us nothing."
)
CONFLICT: Final = (
    "A colleague wanted to rewrite the parser and I wanted to fix it. I asked him for the three"
    " bugs that hurt him most, repaired two of them in a week and measured: errors fell from 40 a"
    " day to 6. He then agreed to keep it, and I agreed that he owns the third."
)
