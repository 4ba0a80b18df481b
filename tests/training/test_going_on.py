"""What may change when a run goes on, what may not, and that the voice says truly how it came to be."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fixtures_corpus import write_corpus
from jobs import FACTORIES, SLIM, job
from test_fine_tuning import SPEC, fresh_voice

from vocolab.errors import TrainingError
from vocolab.mels.extract import extract
from vocolab.training.corpus import Corpus, read_corpus
from vocolab.training.description import changes, changes_text, recipe_changes
from vocolab.training.export import export_run
from vocolab.training.run_folder import RunFolder
from vocolab.training.starting_point import StartingPoint
from vocolab.training.validation import _recording

MODEL = FACTORIES["vocos"][1]
NEW_KEYS = ("mels", "from_step", "earlier_recipes")
"""What recipe.json did not keep at first."""


def go(folder: Path, corpus: Corpus, until: int | None = None, *, options: dict[str, Any] | None = None,
       optimizer: dict[str, Any] | None = None, **tables: Any) -> list[str]:
    """Train, and give what is said before."""
    said: list[str] = []
    job("vocos", folder, optimizer, job_options=options, **tables).trainer(corpus, say=said.append).train(until=until)
    return said


def kept(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "recipe.json").read_text())
    return content


def make_old(folder: Path) -> None:
    """recipe.json as it was written before it kept what a run was given and went through."""
    content = {key: value for key, value in kept(folder).items() if key not in NEW_KEYS}
    if content["started_from"]:
        del content["started_from"]["weights_sha256"]
    (folder / "recipe.json").write_text(json.dumps(content))


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Corpus]:
    """A run at step 4 of 8, and its corpus."""
    folder = tmp_path_factory.mktemp("half")
    corpus = read_corpus(write_corpus(folder / "c"))
    go(folder / "run", corpus, 4)
    return folder / "run", corpus


@pytest.fixture
def run(half: tuple[Path, Corpus], tmp_path: Path) -> Path:
    return Path(shutil.copytree(half[0], tmp_path / "run"))


def test_a_changed_recipe_is_told_kept_and_stated_in_the_voice(run: Path, corpus: Corpus) -> None:
    assert go(run, corpus, 6, loss={"mel": 1.0}) == ["goes on under a changed recipe: loss.mel 15 -> 1"]
    assert kept(run)["recipe"]["loss"]["mel"] == 1.0 and kept(run)["from_step"] == 4
    assert [(one["from_step"], one["recipe"]["loss"]["mel"]) for one in kept(run)["earlier_recipes"]] == [(0, 15.0)]
    best_of_four = export_run(run, FACTORIES["vocos"][0]).provenance  # of before the change
    assert best_of_four["steps"] == 4 and best_of_four["recipe"]["loss"]["mel"] == 15.0
    assert "recipe_changes" not in best_of_four
    assert go(run, corpus, loss={"mel": 1.0}) == []
    assert kept(run)["from_step"] == 4 and len(kept(run)["earlier_recipes"]) == 1
    chapters = RunFolder(run).describe().chapters(8)
    assert recipe_changes(chapters) == [{"from_step": 4, "changed": {"loss.mel": {"before": 15.0, "after": 1.0}}}]
    best = RunFolder(run).load_best()
    RunFolder(run).save_best({**best, "step": 8})
    voice = export_run(run, FACTORIES["vocos"][0]).provenance
    assert voice["recipe"]["loss"]["mel"] == 1.0 and voice["recipe_changes"] == recipe_changes(chapters)


def test_a_recipe_that_no_step_was_taken_by_leaves_no_trace(run: Path, corpus: Corpus) -> None:
    assert go(run, corpus, 4, loss={"mel": 7.0}) == ["goes on under a changed recipe: loss.mel 15 -> 7"]
    assert go(run, corpus, 4, loss={"mel": 1.0}) == ["goes on under a changed recipe: loss.mel 7 -> 1"]
    assert [one["recipe"]["loss"]["mel"] for one in kept(run)["earlier_recipes"]] == [15.0]
    assert go(run, corpus, 6) == ["goes on under a changed recipe: loss.mel 1 -> 15"]
    assert kept(run)["earlier_recipes"] == [] and kept(run)["from_step"] == 0


def test_steps_that_a_damaged_checkpoint_cost_do_not_count(run: Path, corpus: Corpus) -> None:
    go(run, corpus, 6, loss={"mel": 1.0})
    for name in ("6.pt", "4.pt"):
        (run / "checkpoints" / name).write_bytes(b"half of a checkpoint")
    (run / "checkpoints" / "2.pt").unlink(missing_ok=True)
    job("vocos", run.parent / "two").trainer(corpus).train(until=2)
    for name in ("2.pt", "2.network.pt"):
        shutil.copy(run.parent / "two" / "checkpoints" / name, run / "checkpoints" / name)
    go(run, corpus, 4, loss={"mel": 2.0})
    assert kept(run)["from_step"] == 2
    assert [one["recipe"]["loss"]["mel"] for one in kept(run)["earlier_recipes"]] == [15.0]


def test_what_decides_no_weight_is_taken_over_without_a_word(run: Path, corpus: Corpus) -> None:
    assert go(run, corpus, 6, summary="better words", checkpoints={"every_steps": 1}) == []
    assert kept(run)["recipe"]["summary"] == "better words" and kept(run)["earlier_recipes"] == []


def test_a_finished_run_is_left_as_it_is(run: Path, corpus: Corpus, tmp_path: Path) -> None:
    data = write_corpus(tmp_path / "c")
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    said: list[str] = []
    trainer = job("vocos", run, {"steps": 3}).run(data, said.append, lambda record: None)
    assert trainer.step == 4 and trainer.finished
    assert said[-1] == (f"{run}: the run is finished: at step 4, and the recipe ends at 3; 'vocolab train export {run} "
                        "-o NAME.safetensors' writes its voice")
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
    assert go(run, corpus, optimizer={"steps": 5}) == ["goes on under a changed recipe: optimizer.steps 8 -> 5"]


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"model": {**MODEL, "num_layers": 1}}, r"another model \(vocos with other values of num_layers in \[mod"),
        ({"mel_spec": "bigvgan-22k"}, r"another model \(vocos, its mels differ in fmax_hz"),
        ({"options": {"start": StartingPoint("v", fresh_voice("vocos"))}}, "fresh weights, not with those of v: "),
        ({"options": {"mels": Path("nowhere")}}, "on mels of the recordings: leave --mels out, or give another --run"),
    ],
)
def test_what_may_not_change_is_refused(
    tables: dict[str, Any], said: str, half: tuple[Path, Corpus], run: Path, tmp_path: Path
) -> None:
    before = kept(run)
    with pytest.raises(TrainingError, match=said):
        go(run, half[1], **tables)
    assert kept(run) == before


def test_discriminators_may_come_and_go_but_not_change(corpus: Corpus, tmp_path: Path) -> None:
    assert go(tmp_path, corpus, 2) == []
    assert go(tmp_path, corpus, 4, adversarial=SLIM) == ["goes on under a changed recipe: adversarial none -> a table"]
    with pytest.raises(TrainingError, match=r"discriminators are others \(adversarial\.scales 2 -> 3\): leave"):
        go(tmp_path, corpus, 6, adversarial={**SLIM, "scales": 3})
    assert go(tmp_path, corpus, 6, adversarial={**SLIM, "weight": 2.0})[0].endswith("adversarial.weight 1 -> 2")


# The voice that a run began with


@pytest.mark.parametrize("old", [False, True])
def test_only_the_voice_that_a_run_began_with_is_taken_again(old: bool, corpus: Corpus, tmp_path: Path) -> None:
    first, second = fresh_voice("vocos", steps=7), fresh_voice("vocos", seed=12, steps=9)
    go(tmp_path, corpus, 4, options={"start": StartingPoint("a/first", first)})
    if old:
        make_old(tmp_path)
    known = kept(tmp_path)["started_from"]
    with pytest.raises(TrainingError, match=r"with --from first \(7 steps\), and second \(9 steps\) has other weights"):
        go(tmp_path, corpus, options={"start": StartingPoint("second", second)})
    with pytest.raises(TrainingError, match="started with --from first: give that again"):
        go(tmp_path, corpus)  # its [model] states the same architecture
    assert kept(tmp_path)["started_from"] == known
    # By another name it is the same, where the weights are known.
    go(tmp_path, corpus, 6, options={"start": StartingPoint("first" if old else "other-name", first)})
    assert kept(tmp_path)["started_from"] == known
    assert export_run(tmp_path, FACTORIES["vocos"][0]).provenance["fine_tuned_from"] == known


def test_weights_of_the_same_name_and_facts_are_told_apart(corpus: Corpus, tmp_path: Path) -> None:
    go(tmp_path, corpus, 2, options={"start": StartingPoint("v", fresh_voice("vocos"))})
    with pytest.raises(TrainingError, match="has other weights"):
        go(tmp_path, corpus, options={"start": StartingPoint("v", fresh_voice("vocos", seed=12))})


# Given mels


def write_mels(folder: Path, corpus: Corpus, shift: float = 0.0) -> Path:
    folder.mkdir()
    for clip in (*corpus.train, *corpus.validation):
        np.save(folder / f"{clip.name}.npy", extract(_recording(clip, 22_050), SPEC).values - np.float32(shift))
    return folder


def test_given_mels_belong_to_the_run_and_stand_in_its_voice(corpus: Corpus, tmp_path: Path) -> None:
    one, other = write_mels(tmp_path / "one", corpus), write_mels(tmp_path / "other", corpus, 0.5)
    run = tmp_path / "run"
    go(run, corpus, 4, options={"mels": one})
    facts = kept(run)["mels"]
    assert facts["folder"] == "one" and facts["clips"] == 2 and len(facts["sha256"]) == 64
    with pytest.raises(TrainingError, match="this run was started with --mels one: give those mels again, or give"):
        go(run, corpus)
    with pytest.raises(TrainingError, match="the mels in other are others than those that this run was started with"):
        go(run, corpus, options={"mels": other})
    moved = shutil.copytree(one, tmp_path / "moved")
    go(run, corpus, 6, options={"mels": moved})
    assert export_run(run, FACTORIES["vocos"][0]).provenance["given_mels"] == {**facts, "folder": "moved"}


def test_a_folder_that_does_not_say_what_it_was_given_goes_on(run: Path, corpus: Corpus, tmp_path: Path) -> None:
    make_old(run)
    voice = export_run(run, FACTORIES["vocos"][0]).provenance
    assert voice["recipe"]["optimizer"]["steps"] == 8 and not {"given_mels", "recipe_changes"} & set(voice)
    other = Path(shutil.copytree(run, tmp_path / "with-mels"))
    go(other, corpus, 6, options={"mels": write_mels(tmp_path / "one", corpus)})
    assert kept(other)["mels"]["folder"] == "one"
    assert go(run, corpus, 6, loss={"mel": 1.0}) == ["goes on under a changed recipe: loss.mel 15 -> 1"]
    assert kept(run)["from_step"] == 4 and kept(run)["mels"] is None


# How changes are spelled


def test_changes_are_named_by_their_keys() -> None:
    was = {"summary": "a", "loss": {"mel": 15.0, "sizes": [1, 2]}, "adversarial": None, "seed": 1}
    now = {"summary": "b", "loss": {"mel": 0.5, "sizes": [1]}, "adversarial": {"width": 1.0}, "seed": 1}
    found = changes(was, now)
    assert changes_text(found) == "loss.mel 15 -> 0.5, loss.sizes [1, 2] -> [1], adversarial none -> a table"
    assert changes(now, now) == {}
    many = changes({"model": {str(key): 0 for key in range(11)}}, {"model": {}})
    assert changes_text(many).endswith("model.7 0 -> none and 3 more")
