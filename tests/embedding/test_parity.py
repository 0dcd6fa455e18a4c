"""The vectors are those of sentence-transformers, which the model was published with.

reference_vectors.npz was made by benchmarks/make_reference_vectors.py.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from maang_mcp.embedding import OnnxEmbedder

FOLDER = Path(__file__).parent
TEXTS: list[str] = json.loads((FOLDER / "reference_texts.json").read_text(encoding="utf-8"))


async def test_vectors_equal_those_of_sentence_transformers(embedder: OnnxEmbedder) -> None:
    with np.load(FOLDER / "reference_vectors.npz") as reference:
        assert reference["texts_sha256"] == hashlib.sha256(json.dumps(TEXTS).encode()).hexdigest()
        expected = reference["vectors"]

    cosines = (np.array(await embedder.embed(TEXTS)) * expected).sum(axis=1)

    worst = int(cosines.argmin())
    assert cosines[worst] >= 0.99999, f"cosine {cosines[worst]} for {TEXTS[worst][:80]!r}"


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
