"""Texts as tokenizers take them."""

from __future__ import annotations


def clean(text: str) -> str:
    """The text as valid Unicode: surrogate pairs are joined, lone surrogates become U+FFFD (which
    the tokenizer drops, as it does NUL and other control characters)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
