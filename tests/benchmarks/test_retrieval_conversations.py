"""The publishers' files of conversations, by small ones of the same shape."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.retrieval_conversations import locomo, longmemeval
from benchmarks.retrieval_methods import METHODS, evaluate
from benchmarks.retrieval_sets import Array

LOCOMO = [
    {
        "sample_id": "conv-1",
        "conversation": {
            "speaker_a": "Ann",
            "speaker_b": "Bob",
            "session_1_date_time": "1:56 pm on 8 May, 2023",
            "session_1": [
                {"speaker": "Ann", "dia_id": "D1:1", "text": "What did you plant this spring?"},
                {
                    "speaker": "Bob",
                    "dia_id": "D1:2",
                    "text": "Three cherry trees.",
                    "img_url": ["https://example.org/trees.jpg"],
                    "blip_caption": "a photo of trees",
                },
            ],
            "session_10_date_time": "9:00 am on 1 June, 2023",
            "session_10": [{"speaker": "Ann", "dia_id": "D10:1", "text": "My kiln arrived."}],
            "session_11_date_time": "9:00 am on 2 June, 2023",
        },
        "qa": [
            {"question": "What did Bob plant?", "evidence": ["D1:2"], "category": 4},
            {"question": "When did the kiln come?", "evidence": ["D:10:01; D1:2"], "category": 2},
            {"question": "Who is Carl?", "evidence": [], "category": 3},
            {"question": "Why did Ann sell trees?", "evidence": ["D1:2"], "category": 5},
            {"question": "What is missing?", "evidence": ["D9:9"], "category": 1},
        ],
    }
]

LONGMEMEVAL = [
    {
        "question_id": "q1",
        "question_type": "single-session-user",
        "question": "Where did I learn pottery?",
        "question_date": "2023/06/01 (Thu) 10:00",
        "haystack_session_ids": ["s-a", "s-b"],
        "haystack_dates": ["2023/05/20 (Sat) 02:21", "2023/05/21 (Sun) 02:21"],
        "haystack_sessions": [
            [
                {"role": "user", "content": "Recommend a novel."},
                {"role": "assistant", "content": "Try a short one first."},
            ],
            [
                {"role": "user", "content": "I learnt pottery in Ghent.", "has_answer": True},
                {"role": "assistant", "content": "How lovely."},
            ],
        ],
        "answer_session_ids": ["s-b"],
    },
    {
        "question_id": "q2_abs",
        "question_type": "single-session-user",
        "question": "What is my cat called?",
        "haystack_session_ids": ["s-a"],
        "haystack_dates": ["2023/05/20 (Sat) 02:21"],
        "haystack_sessions": [[{"role": "user", "content": "Recommend a novel."}]],
        "answer_session_ids": [],
    },
]


def by_words(_: str, texts: Sequence[str]) -> Array:
    """Unit vectors of which letters occur: enough for an order."""
    found = np.array([[text.lower().count(chr(97 + i)) + 0.1 for i in range(26)] for text in texts])
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def test_locomo_is_read_as_published(tmp_path: Path) -> None:
    path = tmp_path / "locomo10.json"
    path.write_text(json.dumps(LOCOMO), "utf-8")
    (store,) = locomo(path, by_words)
    assert [memory.content for memory in store.memories] == [
        "What did you plant this spring?",
        "Three cherry trees.",
        "My kiln arrived.",
    ]
    assert [memory.speaker for memory in store.memories] == ["Ann", "Bob", "Ann"]
    assert [memory.position for memory in store.memories] == [0, 1, 0]
    assert store.sessions == [1, 1, 10]
    assert store.memories[2].occurred_at.isoformat() == "2023-06-01T09:00:00+00:00"
    asked = {question.text: question for question in store.questions}
    assert set(asked) == {"What did Bob plant?", "When did the kiln come?"}
    assert asked["When did the kiln come?"].relevant == {1, 2}
    assert asked["When did the kiln come?"].sessions == {1, 10}
    assert asked["When did the kiln come?"].category == "temporal"


def test_questions_with_a_false_premise_are_asked_on_demand(tmp_path: Path) -> None:
    path = tmp_path / "locomo10.json"
    path.write_text(json.dumps(LOCOMO), "utf-8")
    (store,) = locomo(path, by_words, adversarial=True)
    assert "adversarial" in {question.category for question in store.questions}


def test_longmemeval_is_read_as_published(tmp_path: Path) -> None:
    path = tmp_path / "longmemeval_s.json"
    path.write_text(json.dumps(LONGMEMEVAL), "utf-8")
    (store,) = longmemeval(path, by_words)
    assert [memory.speaker for memory in store.memories] == ["user", "assistant"] * 2
    assert len({memory.conversation for memory in store.memories}) == 2
    (question,) = store.questions
    assert question.relevant == {2}
    assert question.sessions == {1}
    assert list(longmemeval(path, by_words, limit=0)) == []


def test_every_method_is_measured_on_turns_and_sessions(tmp_path: Path) -> None:
    path = tmp_path / "longmemeval_s.json"
    path.write_text(json.dumps(LONGMEMEVAL), "utf-8")
    figures, categories = evaluate(longmemeval(path, by_words))
    assert set(figures) == set(METHODS)
    assert {figure.shape for figure in figures.values()} == {(8,)}
    assert figures["product"].tolist() == [1.0] * 8
    assert figures["BM25"][2] == 1.0
    assert set(categories) == {"single-session-user"}
