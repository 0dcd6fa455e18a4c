"""Vectors as the store keeps them: nothing of a 16-bit float is lost on the way."""

from __future__ import annotations

import numpy as np

from db.repositories.memory_rows import half_text, unpacked


def test_every_16_bit_float_is_read_back_from_its_text() -> None:
    every = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    finite = every[np.isfinite(every)]
    told = half_text(finite.tolist())[1:-1].split(",")
    assert np.array_equal(np.array(told, np.float32).astype(np.float16), finite)


def test_vectors_are_unpacked_together_as_each_by_itself() -> None:
    vectors = np.array([[0.5, -0.25, 1.0], [0.0, 6e-8, -65504.0]], np.float16)
    packed = [b"\x00\x03\x00\x00" + vector.astype(">f2").tobytes() for vector in vectors]
    assert [list(one) for one in unpacked(packed)] == vectors.astype(np.float32).tolist()
    assert unpacked([]) == []
