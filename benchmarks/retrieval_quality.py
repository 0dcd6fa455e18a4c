"""How well the ranking finds what it should, beside the usual recipes on the same vectors.

    python -m benchmarks.retrieval_quality [--data DIR] [--cache DIR] [--adversarial]

In memory, without a store: passages, vectors, BM25 and ranking are the product's own. Every method
sees the same passages; dense and BM25 take the best passage of a record, RRF (k = 60) fuses those
two lists. Figures: recall at 5 and 10 (share of the relevant records), mean reciprocal rank, nDCG
at 10; with R@10 of whole sessions for conversations.

The sets may not be redistributed and are read from DIR, one folder each with docs, queries and
qrels as `*.jsonl.gz`, one object a line:

    locomo_dev      the turns of LoCoMo (github.com/snap-research/locomo, data/locomo10.json): docs
                    {id, group (conversation), session, pos, date, speaker, text}, queries {id,
                    group, text, category}, qrels {qid, docid} for each turn named as evidence.
                    Searched inside one conversation.
    interview_dev   docs {id (slug), title, text, tags}: solution notes
                    (github.com/doocs/leetcode); queries {id, text}: intuitions and hints for the
                    same problems by others (github.com/neetcode-gh/leetcode); qrels {qid, docid}.

The third set asks for the same notes with `paraphrases.tsv` beside this file, which is our own: how
people remember a problem whose name they forgot. Stores of 150 and 300 notes are drawn from all.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from maang_mcp.domain.memory import Candidate
from maang_mcp.domain.ranking import PeakStatistics, fused_score, rank
from maang_mcp.domain.selection import diversify
from maang_mcp.embedding import OnnxEmbedder

from .retrieval_sets import Array, Question, Rows, Store, cached, conversations, notes, sample

DATA = Path(__file__).parents[2] / "shared" / "data" / "retrieval"
PARAPHRASES = Path(__file__).with_name("paraphrases.tsv")
CANDIDATES = 150
SHOWN = 50
DEPTH = 10
METHODS = ("dense", "BM25", "RRF k=60", "product")

Ranking = list[int]
Figures = Mapping[str, Array]


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the quality of retrieval.")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--cache", type=Path, help="keeps model and vectors for the next run")
    parser.add_argument(
        "--adversarial", action="store_true", help="also LoCoMo's questions with a false premise"
    )
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        parser.exit(2, f"No data at {arguments.data}; the docstring tells where to get it.\n")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        cache = arguments.cache or Path(scratch)
        cache.mkdir(parents=True, exist_ok=True)
        embed = cached(OnnxEmbedder(cache / "models"), cache)
        talk, problems = arguments.data / "locomo_dev", arguments.data / "interview_dev"
        asked = notes(problems, embed)
        recalled = notes(problems, embed, PARAPHRASES)
        sets: dict[str, Sequence[Store]] = {
            "LoCoMo (turns)": list(conversations(talk, embed, arguments.adversarial)),
            "interview": [asked],
            "paraphrases": [recalled],
        }
        for size in (150, 300):
            sets[f"interview @{size}"] = [sample(asked, size, seed) for seed in range(3)]
            sets[f"paraphrases @{size}"] = [sample(recalled, size, seed) for seed in range(3)]
        report({name: evaluate(stores) for name, stores in sets.items()})


def report(results: Mapping[str, Figures]) -> None:
    """One table per set, then the macro average and where the product stands to dense alone."""
    for name, figures in results.items():
        sessions = "  session R@10" if name.startswith("LoCoMo") else ""
        print(f"\n{name:<20} {'R@5':>6} {'R@10':>6} {'MRR':>6} {'nDCG@10':>8}{sessions}")
        for method in METHODS:
            r5, r10, mrr, ndcg, session = figures[method]
            line = f"  {method:<18} {r5:6.3f} {r10:6.3f} {mrr:6.3f} {ndcg:8.3f}"
            print(f"{line} {session:13.3f}" if sessions else line)
    full = [figures for name, figures in results.items() if "@" not in name]
    macro = {method: np.mean([figures[method][3] for figures in full]) for method in METHODS}
    print(
        "\nmacro nDCG@10 of the full sets  "
        + "  ".join(f"{method} {value:.3f}" for method, value in macro.items())
    )
    print(f"product / RRF  {macro['product'] / macro['RRF k=60']:.3f}")
    least = min(results, key=lambda name: results[name]["product"][3] - results[name]["dense"][3])
    margin = results[least]["product"][3] - results[least]["dense"][3]
    print(f"least margin over dense alone  {margin:+.3f} nDCG@10, on {least}")


def rankings(store: Store) -> Iterable[tuple[Question, dict[str, Ranking]]]:
    """Each question with the first 100 records by every method (the product's first 50)."""
    lexical, ceilings = store.lexical()
    cosines = store.queries @ store.vectors.T
    now = max(memory.occurred_at for memory in store.memories)
    for i, question in enumerate(store.questions):
        dense = _best_per_record(cosines[i], store.owner, len(store.memories))
        sparse = _best_per_record(lexical[i], store.owner, len(store.memories))
        by_dense, by_sparse = np.argsort(-dense, kind="stable"), np.argsort(-sparse, kind="stable")
        reciprocal = np.zeros(len(dense))
        reciprocal[by_dense] += 1 / (61 + np.arange(len(dense)))
        reciprocal[by_sparse] += np.where(
            sparse[by_sparse] > 0, 1 / (61 + np.arange(len(dense))), 0
        )
        ranked = _ranked(store, cosines[i], lexical[i], ceilings[i], now)
        yield (
            question,
            {
                "dense": by_dense[:100].tolist(),
                "BM25": by_sparse[:100].tolist(),
                "RRF k=60": np.argsort(-reciprocal, kind="stable")[:100].tolist(),
                "product": ranked,
            },
        )


def _ranked(store: Store, cosines: Array, lexical: Array, ceiling: float, now: datetime) -> Ranking:
    top, deep = np.sort(cosines)[::-1], np.sort(lexical)[::-1]
    full = len(top) >= DEPTH
    statistics = PeakStatistics(
        best_cosine=float(top[0]),
        least_cosine=float(top[-1]),
        tenth_cosine=float(top[DEPTH - 1]) if full else None,
        best_bm25=float(deep[0]),
        tenth_bm25=float(deep[DEPTH - 1]) if full else None,
        lexical_ceiling=ceiling,
    )
    scores = [
        fused_score(float(c), float(b), statistics) for c, b in zip(cosines, lexical, strict=True)
    ]
    candidates = []
    for row in np.argsort(-np.array(scores), kind="stable")[:CANDIDATES]:
        passage = store.passages[row]
        candidates.append(
            Candidate(
                memory=store.memories[store.owner[row]],
                chunk=passage.chunk,
                start=passage.start,
                end=passage.end,
                cosine=float(cosines[row]),
                bm25=float(lexical[row]),
                embedding=store.vectors[row].tolist(),
            )
        )
    number = {memory.id: i for i, memory in enumerate(store.memories)}
    shown = diversify(rank(candidates, now, statistics=statistics), SHOWN)
    return [number[entry.candidate.memory.id] for entry in shown]


def measures(ranking: Ranking, relevant: frozenset[int]) -> tuple[float, float, float, float]:
    """Recall at 5, recall at 10, reciprocal rank, nDCG at 10."""
    places = [place for place, record in enumerate(ranking) if record in relevant]
    gain = sum(1 / np.log2(place + 2) for place in places if place < DEPTH)
    ideal = sum(1 / np.log2(place + 2) for place in range(min(len(relevant), DEPTH)))
    return (
        sum(place < 5 for place in places) / len(relevant),
        sum(place < DEPTH for place in places) / len(relevant),
        1 / (places[0] + 1) if places else 0.0,
        gain / ideal,
    )


def evaluate(stores: Iterable[Store]) -> dict[str, Array]:
    """Per method: R@5, R@10, MRR, nDCG@10 over all questions, and R@10 of sessions."""
    collected: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for store in stores:
        for question, by_method in rankings(store):
            sessions = frozenset(store.sessions[i] for i in question.relevant)
            for method, ranking in by_method.items():
                visited = list(dict.fromkeys(store.sessions[i] for i in ranking))
                collected[method].append(
                    (
                        *measures(ranking, question.relevant),
                        measures(visited, sessions)[1],
                    )
                )
    return {method: np.array(rows, np.float32).mean(axis=0) for method, rows in collected.items()}


def _best_per_record(scores: Array, owner: Rows, records: int) -> Array:
    best = np.full(records, -np.inf, np.float32)
    np.maximum.at(best, owner, scores)
    return best


if __name__ == "__main__":
    main()
