"""How well the ranking finds what it should, beside the usual recipes on the same vectors.

    python -m benchmarks.retrieval_quality [--data DIR] [--cache DIR] [--adversarial]
        [--locomo FILE] [--longmemeval FILE [--questions N]] [--through-tool N]

In memory, without a store: passages, vectors, BM25 and ranking are the product's own, and every
method sees the same passages. Figures: recall at 5 and 10 (share of the relevant records), mean
reciprocal rank, nDCG at 10; for conversations also of whole sessions, in the order in which their
turns come. `--through-tool N` then asks the first N questions of each set once more, with k = 10
and the default budget, of `retrieve_context` itself, over a store that `remember` has filled.

The publishers' own files: `--locomo` takes data/locomo10.json of github.com/snap-research/locomo,
`--longmemeval` longmemeval_s.json of github.com/xiaowu0162/LongMemEval (500 histories of some 500
turns each: hours of embedding, so `--questions` takes the first few).

What may not be redistributed is read from DIR, one folder each with docs, queries and qrels as
`*.jsonl.gz`, one object a line:

    locomo_dev      turns of LoCoMo: docs {id, group (conversation), session, pos, date, speaker,
                    text}, queries {id, group, text, category}, qrels {qid, docid} for each turn
                    named as evidence. Searched inside one conversation.
    interview_dev   docs {id (slug), title, text, tags}: solution notes
                    (github.com/doocs/leetcode); queries {id, text}: intuitions and hints for the
                    same problems by others (github.com/neetcode-gh/leetcode); qrels {qid, docid}.

The third set asks for the same notes with `paraphrases.tsv` beside this file, which is our own: how
people remember a problem whose name they forgot. The product stores a note on a problem it knows
with what it says of that problem; "own text" is the same without. Stores of 150, 300 and 1,000
notes are drawn from all.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from maang_mcp.embedding import OnnxEmbedder, Precision

from .machine import describe_machine
from .retrieval_conversations import extract, locomo, longmemeval
from .retrieval_methods import METHODS, Figures, evaluate
from .retrieval_sets import Store, cached, notes, sample
from .retrieval_through_tool import compare

DATA = Path(__file__).parents[2] / "shared" / "data" / "retrieval"
PARAPHRASES = Path(__file__).with_name("paraphrases.tsv")
DRAWS = 3
SIZES = (150, 300, 1000)
HEADING = f"{'R@5':>6} {'R@10':>6} {'MRR':>6} {'nDCG@10':>8}"

Sets = Mapping[str, Sequence[Store]]


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        cache = arguments.cache or Path(scratch)
        cache.mkdir(parents=True, exist_ok=True)
        embedder = OnnxEmbedder(cache / "models", precision=Precision(arguments.precision))
        sets = _sets(arguments, embedder, cache)
        print(describe_machine())
        results = {}
        for name, stores in sets.items():
            results[name], categories = evaluate(stores)
            report(name, results[name], categories if len(categories) > 1 else {})
        summary(results)
        if arguments.through_tool:
            compare(sets, arguments.through_tool, cache / "models")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the quality of retrieval.")
    parser.add_argument("--precision", choices=list(Precision), default=Precision.FP32)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, help="keeps model and vectors for the next run")
    parser.add_argument(
        "--adversarial", action="store_true", help="also LoCoMo's questions with a false premise"
    )
    parser.add_argument("--locomo", type=Path, help="locomo10.json as published")
    parser.add_argument("--longmemeval", type=Path, help="longmemeval_s.json as published")
    parser.add_argument("--questions", type=int, help="how many of LongMemEval's")
    parser.add_argument("--only", help="sets whose name begins so")
    parser.add_argument("--through-tool", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    if not (arguments.data.is_dir() or arguments.locomo or arguments.longmemeval):
        parser.exit(2, f"No data at {arguments.data}; the docstring tells where to get it.\n")
    return arguments


def _sets(arguments: argparse.Namespace, embedder: OnnxEmbedder, cache: Path) -> Sets:
    embed = cached(embedder, cache)
    adversarial = arguments.adversarial
    sets: dict[str, Sequence[Store]] = {}
    if arguments.locomo:
        sets["LoCoMo"] = list(locomo(arguments.locomo, embed, adversarial=adversarial))
    if arguments.longmemeval:
        sets["LongMemEval"] = list(longmemeval(arguments.longmemeval, embed, arguments.questions))
    talk, problems = arguments.data / "locomo_dev", arguments.data / "interview_dev"
    if talk.is_dir():
        sets["LoCoMo, extract"] = list(extract(talk, embed, adversarial=adversarial))
    if problems.is_dir():
        asked = notes(problems, embed)
        recalled = notes(problems, embed, PARAPHRASES)
        sets["interview"] = [asked]
        sets["paraphrases"] = [recalled]
        for size in SIZES:
            sets[f"interview @{size}"] = _drawn(asked, size)
            sets[f"paraphrases @{size}"] = _drawn(recalled, size)
        alone = notes(problems, embed, PARAPHRASES, described=False)
        sets["paraphrases @300, own text"] = _drawn(alone, 300)
    wanted = arguments.only or ""
    return {name: stores for name, stores in sets.items() if name.startswith(wanted)}


def _drawn(store: Store, size: int) -> list[Store]:
    return (
        [sample(store, size, seed) for seed in range(DRAWS)] if size < len(store.memories) else []
    )


def report(name: str, figures: Figures, categories: Figures) -> None:
    """One table: methods, then the product by category."""
    in_sessions = name.startswith("Lo")
    print(f"\n{name:<26} {HEADING}" + f"   sessions {HEADING}" * in_sessions)
    rows = {method: figures[method] for method in METHODS} | dict(sorted(categories.items()))
    for label, row in rows.items():
        cells = [f"{v:6.3f} {w:6.3f} {x:6.3f} {y:8.3f}" for v, w, x, y in (row[:4], row[4:])]
        print(f"  {label:<24} {cells[0]}" + f"            {cells[1]}" * in_sessions)


def summary(results: Mapping[str, Figures]) -> None:
    """The macro average, and where the product stands to dense alone."""
    full = [figures for name, figures in results.items() if "@" not in name]
    macro = {method: np.mean([figures[method][3] for figures in full]) for method in METHODS}
    print(
        "\nmacro nDCG@10 of the full sets  "
        + "  ".join(f"{method} {value:.3f}" for method, value in macro.items())
    )
    print(f"product / RRF  {macro['product'] / macro['RRF k=60']:.3f}")
    for measure, label in ((3, "nDCG@10"), (0, "R@5")):
        margins = {
            name: figures["product"][measure] - figures["dense"][measure]
            for name, figures in results.items()
        }
        least = min(margins, key=lambda name: margins[name])
        print(f"least margin over dense alone  {margins[least]:+.3f} {label}, on {least}")


if __name__ == "__main__":
    main()
