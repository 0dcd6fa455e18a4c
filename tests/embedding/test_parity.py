"""The vectors are those of sentence-transformers, which the model was published with.

reference_vectors.npz was made by benchmarks/make_reference_vectors.py.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from maang_mcp.embedding import OnnxEmbedder

FOLDER = Path(__file__).parent
TEXTS: list[str] = json.loads((FOLDER / "reference_texts.json").read_text(encoding="utf-8"))


def reference() -> Any:
    """The stored vectors of the texts."""
    with np.load(FOLDER / "reference_vectors.npz") as stored:
        assert stored["texts_sha256"] == hashlib.sha256(json.dumps(TEXTS).encode()).hexdigest()
        return stored["vectors"]


async def test_vectors_equal_those_of_sentence_transformers(embedder: OnnxEmbedder) -> None:
    cosines = (np.array(await embedder.embed(TEXTS)) * reference()).sum(axis=1)

    worst = int(cosines.argmin())
    assert cosines[worst] >= 0.99999, f"cosine {cosines[worst]} for {TEXTS[worst][:80]!r}"


async def test_int8_vectors_are_near_those_of_float32(int8: OnnxEmbedder) -> None:
    """Measured: mean .992, least .978. A processor without 8-bit dot products saturates some sums,
    so the least is given room."""
    cosines = (np.array(await int8.embed(TEXTS)) * reference()).sum(axis=1)

    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.96


async def test_int8_orders_texts_as_float32_does(int8: OnnxEmbedder) -> None:
    """What counts is who is nearest: of each text's five nearest at least four are the same."""
    vectors, expected = np.array(await int8.embed(TEXTS)), reference()

    def nearest(of: Any) -> Any:
        return np.argsort(-(of @ of.T - 2 * np.eye(len(of))), axis=1)[:, :5]

    kept = [len({*a} & {*b}) for a, b in zip(nearest(vectors), nearest(expected), strict=True)]
    assert np.mean(kept) >= 4


async def test_the_company_a_text_is_embedded_in_does_not_change_its_vector(
    embedder: OnnxEmbedder,
) -> None:
    texts = TEXTS[::6]

    together = await embedder.embed(texts)

    for text, vector in zip(texts, together, strict=True):
        assert await embedder.embed_query(text) == pytest.approx(vector, abs=1e-5)


async def test_a_paraphrase_is_nearer_than_another_subject(embedder: OnnxEmbedder) -> None:
    note, paraphrase, other = np.array(
        await embedder.embed(
            [
                "Walk the matrix in a spiral, shrinking the four borders.",
                "snail pattern through a grid",
                "Tell me about a conflict with a colleague.",
            ]
        )
    )

    assert note @ paraphrase > note @ other + 0.2
