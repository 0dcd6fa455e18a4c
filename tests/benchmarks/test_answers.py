"""Reading files of answers, and who is held out."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from benchmarks.answers import FOLDS, START, load


def written(folder: Path, rows: Sequence[str]) -> Path:
    path = folder / "answers.csv.gz"
    head = "user_id,order,timestamp,item_id,skills,correct,split"
    path.write_bytes(gzip.compress("\n".join([head, *rows, ""]).encode()))
    return path


def test_a_file_that_names_its_test_learners_is_one_fold(tmp_path: Path) -> None:
    rows = ["1,0,,7,a;b,1,train", "2,0,86400,7,a;b,0,test"]
    (fold,) = load(written(tmp_path, rows))
    (((trained,),), ((tested,),)) = fold.training, fold.testing
    assert (trained.item, trained.skills, trained.correct) == (7, ("a", "b"), True)
    assert trained.at == START
    assert tested.at == START + timedelta(days=1)
    assert not tested.correct


def test_any_other_file_tests_every_learner_once_and_never_on_what_it_learned(
    tmp_path: Path,
) -> None:
    rows = [f"{learner},0,,{learner},a,1,train" for learner in range(23)]
    folds = load(written(tmp_path, rows))
    assert len(folds) == FOLDS
    tested: Counter[int] = Counter()
    for fold in folds:
        held_out = {history[0].item for history in fold.testing}
        assert len(fold.training) + len(held_out) == 23
        assert not held_out & {history[0].item for history in fold.training}
        tested.update(held_out)
    assert tested == Counter(range(23))


def test_a_sample_keeps_every_nth_learner(tmp_path: Path) -> None:
    rows = [
        f"{split}{learner},0,,1,a,1,{split}" for split in ("train", "test") for learner in range(10)
    ]
    (fold,) = load(written(tmp_path, rows), every=5)
    assert (len(fold.training), len(fold.testing)) == (2, 2)
