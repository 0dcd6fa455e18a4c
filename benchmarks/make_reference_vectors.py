"""Make the vectors that the parity test compares the embedder with.

sentence-transformers (the `st` extra: `pip install -e .[st]`) embeds the texts of
tests/embedding/reference_texts.json, one at a time, in float32 on the CPU:

    python benchmarks/make_reference_vectors.py <folder with the published model>

The folder is a checkout of sentence-transformers/all-MiniLM-L6-v2 or the `model` folder of the
installed weights package. Written are the vectors, the digest of the texts they belong to and the
versions that made them. Run it again only when the texts change.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from sentence_transformers import (  # type: ignore[import-not-found,unused-ignore] # an extra
    SentenceTransformer,
)

REFERENCE = Path(__file__).resolve().parents[1] / "tests" / "embedding"


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the embedder's reference vectors.")
    parser.add_argument("model", type=Path, help="folder with the published model")
    model = SentenceTransformer(str(parser.parse_args().model), device="cpu", local_files_only=True)

    texts = json.loads((REFERENCE / "reference_texts.json").read_text(encoding="utf-8"))
    vectors = model.encode(texts, batch_size=1, normalize_embeddings=True)
    made_by = ", ".join(f"{name} {version(name)}" for name in ("sentence-transformers", "torch"))
    np.savez_compressed(
        REFERENCE / "reference_vectors.npz",
        vectors=vectors.astype(np.float32),
        texts_sha256=np.array(hashlib.sha256(json.dumps(texts).encode()).hexdigest()),
        made_by=np.array(made_by),
    )
    print(f"{len(texts)} vectors of {vectors.shape[1]} dimensions by {made_by}")


if __name__ == "__main__":
    main()
