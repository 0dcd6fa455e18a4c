"""Quantities, told from other numbers."""

from __future__ import annotations

import pytest

from maang_mcp.domain.quantities import states_quantity
from maang_mcp.domain.sentences import sentences

QUANTITIES = (
    "Wrong parcels went down from 30 a week to 2.",
    "It went from 30 wrong ones to 2.",
    "There were two outages a month, and four a year from then on.",
    "Lost orders fell from 2.1% to 0.03%.",
    "The build went from 9 minutes to 2.",
    "It went from 900 to 310.",
    "We cut costs 40%.",
    "I reduced the latency by 40 %.",
    "It saved about $40k a year.",
    "It saved us 3 hours a week.",
    "Twelve teams moved over and it saved two hundred hours.",
    "It saved two hundred hours for the team.",
    "We doubled the throughput of the queue.",
    "Revenue grew 3x in the quarter.",
    "The error rate was halved by the change.",
    "The p99 dropped to 310ms after the change.",
    "40% fewer tickets came in after that.",
    "By now 14 warehouses use it.",
    "It is used by more than 1,200 customers.",
    "Forty percent of the calls went away.",
    "The pager was quiet for six weeks.",
    "We went from three outages a month to zero.",
    "It took a third of the time.",
    "The team of 7 engineers adopted it.",
    "It served 2000 requests per second.",
    "It was used by 14 other teams within a month.",
    "The queue shrank by half in that week.",
    "I brought the on-call load down from 12 pages a night to 1.",
    "The change paid back €2.5m in its first year.",
    "It cut the review time from five days to one.",
    "Support tickets dropped 25 percent.",
    "Our release now takes 20 minutes instead of a day.",
    "Revenue grew 25% in the first year.",
    "Support tickets dropped 40% within a month.",
    "Saved 12 hours a week for the team.",
    "Cut p99 from 900 ms to 300 ms for the checkout.",
    "The change saved over 40 engineer hours per sprint.",
    "We shipped to 3 million users in the end.",
)
NUMBERS = (
    "It went well in 2024.",
    "We launched on March 12 and it was fine.",
    "We moved to version 3.11 of the language.",
    "We upgraded Python from 3.9 to 3.11 in the end.",
    "Team 7 was happy with the outcome.",
    "The two teams were happy with it.",
    "We launched in Q3 2024 and the users liked it.",
    "It was done by 10:30 on that day.",
    "The v2 service was live from then on.",
    "It happened on 2024-03-12 at the office.",
    "We got the S3 bucket back and the p99 was fine.",
    "From 2019 to 2021 it ran without me.",
    "We closed ticket 4512 and moved on.",
    "It was the first project of its kind.",
    "I found the leak and fixed it.",
    "The 24/7 support was glad about it.",
    "It was live on 12 March and nobody noticed.",
    "The pager was quiet after phase 2 of the rollout.",
    "It was ready at 9 pm on that day.",
    "One of us was on call, and one of them was not.",
    "We were number 1 on the list.",
    "It was the 49ers who took it over.",
    "I found the leak 40%.",
    "led 40% The restarts by hand stopped.",
    "saved 1200 customers The restarts by hand stopped.",
    "40% result It went well and everyone was happy.",
    "40% I found the leak.",
    "I found the leak, 40%, metric.",
    "It was ready on the 3rd of May and on May 4.",
    "We moved from a 5.1.2 release to another.",
)


@pytest.mark.parametrize("text", QUANTITIES)
def test_so_many_of_something_is_a_quantity(text: str) -> None:
    assert any(map(states_quantity, sentences(text)))


@pytest.mark.parametrize("text", NUMBERS)
def test_a_date_a_version_a_name_or_a_number_thrown_in_is_none(text: str) -> None:
    assert not any(map(states_quantity, sentences(text)))
