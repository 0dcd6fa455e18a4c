"""The command: the figures it prints are the figures it writes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks import learner_model

from .classroom import classroom


def test_the_parts_asked_for_are_measured_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fold = classroom(learners=40, answers=20)
    rows = ["user_id,order,timestamp,item_id,skills,correct,split"]
    for learner, history in enumerate((*fold.training, *fold.testing)):
        for n, answer in enumerate(history):
            skills = ";".join(answer.skills)
            rows.append(f"{learner},{n},{n * 3600},{answer.item},{skills},{answer.correct:d},train")
    (tmp_path / "class.csv.gz").write_bytes(gzip.compress("\n".join(rows).encode()))
    figures = tmp_path / "figures.json"
    options = ["--parts", "next-step,readiness", "--sets", "class,absent", "--models", "mean,ours"]
    places = ["--data", str(tmp_path), "--json", str(figures)]
    monkeypatch.setattr("sys.argv", ["learner_model", *options, *places])

    learner_model.main()

    written = json.loads(figures.read_text(encoding="utf-8"))
    assert set(written) == {"machine", "next-step class", "readiness class"}
    assert set(written["next-step class"]) == {"mean", "ours"}
    printed = capsys.readouterr().out
    assert f"{written['next-step class']['ours']['auc']:.4f}" in printed
    assert f"{written['readiness class']['ours']['log_loss']:.4f}" in printed
    assert "40 test learners, 800 answers" in printed
    assert "no absent.csv.gz" in printed


def test_a_model_that_does_not_exist_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["learner_model", "--models", "ours,oracle"])
    with pytest.raises(SystemExit):
        learner_model.main()
    assert "no oracle among" in capsys.readouterr().err
