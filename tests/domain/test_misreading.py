"""Which words may be read as which: what keeps a typing error from naming another thing."""

from __future__ import annotations

import pytest

from maang_mcp.domain.misreading import cost, differ_in_a_short_word, perhaps_numeral


def read(asked: str, name: str, *vocabulary: str) -> int | None:
    return cost(asked.split(), name.split(), frozenset(vocabulary))


def test_the_same_words_cost_nothing_and_a_slip_costs_one() -> None:
    assert read("minimum path", "minimum path") == 0
    assert read("minmum path", "minimum path") == 1
    assert read("minmum ptah", "minimum path") == 2


def test_a_word_the_vocabulary_knows_is_not_a_slip() -> None:
    assert read("maximum path", "minimum path") == 2
    assert read("maximum path", "minimum path", "maximum") is None


def test_a_numeral_is_not_a_slip_even_where_no_name_has_it() -> None:
    assert read("grand tour", "grand four") == 1
    assert read("grand four", "grand tour") is None


@pytest.mark.parametrize("typed", ["sm", "smu", "summ"])
def test_a_short_word_may_lack_double_or_swap_a_letter(typed: str) -> None:
    assert read(f"{typed} ranges", "sum ranges") == 1


@pytest.mark.parametrize("typed", ["gum", "sub", "sun"])
def test_a_short_word_with_another_letter_is_another_word(typed: str) -> None:
    assert read(f"{typed} ranges", "sum ranges") is None
    assert differ_in_a_short_word([typed, "ranges"], ["sum", "ranges"])
    assert not differ_in_a_short_word([typed], ["sum", "ranges"])


def test_digits_are_read_as_they_stand() -> None:
    assert read("123 pattern", "132 pattern") is None


def test_words_come_in_order() -> None:
    assert read("path minimum", "minimum path") is None


def test_only_the_end_of_a_long_name_may_be_missing() -> None:
    assert read("longest common ancestor", "longest common ancestor tree") == 3
    assert read("longest ancestor tree", "longest common ancestor tree") is None
    assert read("longest common", "longest common ancestor") is None
    assert read("longest common ancestor tree of", "longest common ancestor tree") is None


def test_a_numeral_may_not_be_missing() -> None:
    assert read("longest common ancestor", "longest common ancestor two") is None


def test_more_slips_than_the_letters_can_bear_are_too_many() -> None:
    assert read("lonxest comxon ancxstxr", "longest common ancestor") is None


@pytest.mark.parametrize("word", ["li", "rii", "iv", "vi", "matrixi"])
def test_a_stray_i_or_v_may_be_a_damaged_numeral(word: str) -> None:
    assert perhaps_numeral(word)


@pytest.mark.parametrize("word", ["sm", "tow", "binray", "divde"])
def test_an_ordinary_slip_is_no_numeral(word: str) -> None:
    assert not perhaps_numeral(word)


def test_another_number_is_another_name() -> None:
    assert differ_in_a_short_word(["simulation", "1008"], ["simulation", "1001"])
    assert not differ_in_a_short_word(["simulation", "1008"], ["simulation", "1008"])
