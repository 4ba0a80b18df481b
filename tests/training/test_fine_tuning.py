"""What a run can begin with and learn from, beside a fresh network and recordings: voices, given mels, a teacher."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from jobs import FACTORIES, job

from vocolab.errors import CallError, CheckpointError, TrainingError
from vocolab.interfaces import Vocoder
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.options import Options
from vocolab.training.aligned import AlignedSegments, read_aligned
from vocolab.training.corpus import Clip, Corpus
from vocolab.training.export import export_run
from vocolab.training.run_folder import RunFolder
from vocolab.training.starting_point import StartingPoint
from vocolab.training.tasks.distillation import DistillationTask
from vocolab.voice import Voice
from vocolab_vocos.vocoder import Vocos

SPEC = convention("hifigan-22k")


def fresh_voice(vocoder: str, seed: int = 11, **provenance: Any) -> Voice:
    factory, model = FACTORIES[vocoder]
    torch.manual_seed(seed)
    trainable = factory(dict(model), SPEC)
    voice = trainable.export(trainable.network.state_dict())
    return Voice(voice.model, voice.config, voice.mel_spec, voice.tensors, provenance)


@pytest.mark.parametrize("vocoder", FACTORIES)
def test_a_run_begins_with_the_weights_of_a_voice(vocoder: str, tmp_path: Path) -> None:
    """Weight norm unfolds to the same weights, and an empty [model] table takes the voice's architecture."""
    voice = fresh_voice(vocoder, licence="CC0-1.0")
    start = StartingPoint("some-voice", voice)
    work = job(vocoder, tmp_path, job_options={"start": start}, model={})
    trainable = work.trainable()
    again = trainable.export(trainable.network.state_dict())
    assert set(again.tensors) == set(voice.tensors)
    for name, tensor in voice.tensors.items():
        np.testing.assert_allclose(again.tensors[name], tensor, rtol=2e-6, atol=1e-7, err_msg=name)
    assert work.description().started_from == {
        "voice": "some-voice", "licence": "CC0-1.0", "weights_sha256": start.weights_sha256
    }


def test_what_was_fine_tuned_says_of_what(corpus: Corpus, tmp_path: Path) -> None:
    start = StartingPoint("some-voice", fresh_voice("vocos", trained_on="a corpus"))
    work = job("vocos", tmp_path, job_options={"start": start}, model={})
    work.trainer(corpus).train(until=4)
    voice = export_run(tmp_path, work.factory)
    assert voice.provenance["fine_tuned_from"] == {
        "voice": "some-voice", "trained_on": "a corpus", "weights_sha256": start.weights_sha256
    }
    assert voice.config == start.voice.config
    assert job("vocos", tmp_path, job_options={"start": start}, model={}).trainer(corpus).step == 4
    with pytest.raises(TrainingError, match="started with --from some-voice: give that again"):
        job("vocos", tmp_path, model={}).trainer(corpus)


def test_a_voice_keeps_the_recipes_of_those_that_it_came_from_for_some_generations() -> None:
    provenance: dict[str, Any] = {}
    for generation in range(7):
        voice = fresh_voice("vocos", generation, recipe={"seed": generation}, licence="CC0-1.0", **provenance)
        start = StartingPoint(f"folder/voice-{generation}", voice)
        provenance = {"fine_tuned_from": start.provenance()}
    line = []
    parent: dict[str, Any] | None = provenance["fine_tuned_from"]
    while parent:
        line.append((parent["voice"], parent["recipe"]["seed"], len(parent["weights_sha256"])))
        parent = parent.get("fine_tuned_from")
    assert line == [(f"voice-{generation}", generation, 64) for generation in (6, 5, 4, 3)]


def test_a_voice_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    vocos = fresh_voice("vocos")
    with pytest.raises(CallError, match="a voice of vocos, not of hifigan"):
        job("hifigan", tmp_path, job_options={"start": StartingPoint("v", vocos)}).trainable()
    with pytest.raises(CallError, match=r"dim 64, not 32.*Leave the table out"):
        job("vocos", tmp_path, job_options={"start": StartingPoint("v", vocos)}, model={"dim": 64}).trainable()
    with pytest.raises(CallError, match="'bigvgan-22k' differs from the voice's in fmax_hz"):
        job("vocos", tmp_path, job_options={"start": StartingPoint("v", vocos)}, mel_spec="bigvgan-22k").trainable()
    tensors = {name: tensor for name, tensor in vocos.tensors.items() if name != "head.out.bias"}
    broken = Voice("vocos", vocos.config, SPEC, {**tensors, "more": np.zeros(3, np.float32)})
    with pytest.raises(CheckpointError, match=r"lacks head\.out\.bias; has more"):
        job("vocos", tmp_path, job_options={"start": StartingPoint("v", broken)}).trainable()


# Given mels


def counting_clip(name: str, frames: int) -> tuple[Clip, np.ndarray]:
    """Sample n is n // hop, and so is the lowest band of frame n // hop: numbers tell what belongs together."""
    samples = np.arange(frames * SPEC.hop_samples) // SPEC.hop_samples
    tilt = np.linspace(0, -1, SPEC.n_mels, dtype=np.float32)[:, None]  # no sound is as loud in every band
    mel = np.arange(frames, dtype=np.float32)[None] / -10 + tilt
    return Clip(name, samples.astype(np.int16), SPEC.sample_rate), mel


def test_a_given_mel_and_its_samples_are_cut_at_the_same_place(tmp_path: Path) -> None:
    clips = []
    for name, frames in (("a", 40), ("b", 90), ("c", 8)):
        clip, mel = counting_clip(name, frames)
        clips.append(clip)
        if name == "b":
            Mel(mel, SPEC).save(tmp_path / f"{name}.safetensors")
        else:
            np.save(tmp_path / f"{name}.npy", mel)
    segments = AlignedSegments(read_aligned(tmp_path, clips, SPEC), SPEC, segment_frames=16, seed=0)
    for step in range(5):
        mels, audio = segments.draw(step, 8, range(8))
        assert mels.shape == (8, 80, 16) and audio.shape == (8, 16 * SPEC.hop_samples)
        frames = np.rint(audio * 32768).reshape(8, 16, SPEC.hop_samples)
        inside = mels[:, 0] > SPEC.silence + 1e-3
        np.testing.assert_allclose(-10 * mels[:, 0][inside], frames[:, :, 0][inside], atol=1e-3)
        assert (frames == frames[:, :, :1]).all() and (frames[~inside] == 0).all()
        np.testing.assert_array_equal(segments.draw(step, 8, range(3, 5))[0], mels[3:5])


def test_a_given_mel_is_found_in_either_unicode_form(tmp_path: Path) -> None:
    clip, mel = counting_clip("caf\u00e9", 40)
    np.save(tmp_path / "cafe\u0301.npy", mel)
    assert [pair.clip.name for pair in read_aligned(tmp_path, [clip], SPEC)] == ["caf\u00e9"]


def test_mels_that_are_missing_or_of_another_length_are_named(tmp_path: Path) -> None:
    (good, mel), (missing, _), (shifted, long) = (counting_clip(name, 40) for name in ("good", "missing", "shifted"))
    np.save(tmp_path / "good.npy", mel)
    np.save(tmp_path / "shifted.npy", np.concatenate([long, long[:, :5]], axis=1))
    lines: list[str] = []
    found = read_aligned(tmp_path, [good, missing, shifted], SPEC, lines.append)
    assert [pair.clip.name for pair in found] == ["good"]
    assert lines[0] == f"left out 1 clips that have no mel in {tmp_path}: missing"
    assert lines[1].startswith("left out shifted: ") and "45 frames, but its recording has 40" in lines[1]
    with pytest.raises(TrainingError, match=r"no mel of the 1 clips .*after the clips, as missing\.npy"):
        read_aligned(tmp_path, [missing], SPEC)
    with pytest.raises(TrainingError, match="not a folder of mels"):
        read_aligned(tmp_path / "nowhere", [missing], SPEC, lines.append)
    assert len(lines) == 2


def test_given_mels_of_another_scale_are_left_out(tmp_path: Path) -> None:
    (good, mel), (decibels, _) = counting_clip("good", 40), counting_clip("decibels", 40)
    np.save(tmp_path / "good.npy", mel)
    np.save(tmp_path / "decibels.npy", 8.686 * mel)
    lines: list[str] = []
    assert [pair.clip.name for pair in read_aligned(tmp_path, [good, decibels], SPEC, lines.append)] == ["good"]
    assert "left out decibels: " in lines[0] and "stated as hifigan-22k" in lines[0]
    assert len(read_aligned(tmp_path, [good, decibels], SPEC, force=True)) == 2


def test_a_wrong_folder_of_mels_is_one_error_and_no_line_a_clip(tmp_path: Path) -> None:
    clips = [counting_clip(f"clip{index:02}", 40)[0] for index in range(30)]
    lines: list[str] = []
    with pytest.raises(TrainingError, match="no mel of the 30 clips can be used; 30 have none there"):
        read_aligned(tmp_path, clips, SPEC, lines.append)
    for clip in clips[:20]:
        np.save(tmp_path / f"{clip.name}.npy", np.full((SPEC.n_mels, 9), -3.3, np.float32))
    with pytest.raises(TrainingError, match=r"10 have none there.*; clip00: .*9 frames, but .*; and 19 more"):
        read_aligned(tmp_path, clips, SPEC, lines.append)
    assert lines == []
    np.save(tmp_path / "clip00.npy", counting_clip("clip00", 40)[1])
    read_aligned(tmp_path, [clips[0], *clips[20:]], SPEC, lines.append)
    assert lines[0].endswith(": clip20, clip21, clip22, clip23, clip24, clip25, clip26, clip27 and 2 more")


def test_what_was_assumed_of_given_mels_is_said_once_a_kind(tmp_path: Path) -> None:
    clips = []
    for name in ("a", "b", "c", "d"):
        clip, mel = counting_clip(name, 40)
        clips.append(clip)
        np.save(tmp_path / f"{name}.npy", mel if name == "a" else mel.T)
    lines: list[str] = []
    assert len(read_aligned(tmp_path, clips, SPEC, lines.append)) == 4
    turned = [line for line in lines if "axis order" in line]
    assert len(turned) == 1 and turned[0].startswith(f"{tmp_path / 'b.npy'}: the axis order is taken as ")
    assert turned[0].endswith("(and so 2 more)")


def test_a_run_learns_from_given_mels_and_is_validated_on_them(corpus: Corpus, tmp_path: Path) -> None:
    from vocolab.audio import Audio
    from vocolab.mels.extract import extract

    (tmp_path / "mels").mkdir()
    for clip in (*corpus.train, *corpus.validation):
        mel = extract(Audio.mono(clip.cut(0, clip.samples.size), clip.sample_rate), SPEC).values
        np.save(tmp_path / "mels" / f"{clip.name}.npy", mel - 0.5)
    said: list[str] = []
    work = job("vocos", tmp_path / "run", job_options={"mels": tmp_path / "mels"})
    trainer = work.trainer(corpus, say=said.append)
    assert "2 clips have a mel" in said[0]
    own = extract(trainer.data.validation.recordings[0], SPEC).values
    np.testing.assert_allclose(trainer.data.validation.mels[0].values, own - 0.5, atol=1e-5)
    trainer.train()
    resumed = job("vocos", tmp_path / "other", job_options={"mels": tmp_path / "mels"})
    resumed.trainer(corpus).train(until=3)
    again = resumed.trainer(corpus)
    again.train()
    for name, tensor in trainer.network.state_dict().items():
        assert torch.equal(tensor, again.network.state_dict()[name])


# A teacher


class PlainTeacher:
    """A vocoder that is no network: what a plugin without torch would be."""

    def __init__(self, teacher: Vocoder) -> None:
        self.inner, self.mel_spec, self.context_frames = teacher, teacher.mel_spec, teacher.context_frames

    def render(self, mel: np.ndarray, *, first_frame: int = 0, seed: int = 0) -> np.ndarray:
        return self.inner.render(mel)


def test_a_student_comes_nearer_to_its_teacher_phase_included(corpus: Corpus, tmp_path: Path) -> None:
    teacher = Vocos(Options(), fresh_voice("vocos", seed=5))
    optimizer = {"steps": 25, "learning_rate": 3e-3}
    tables = {"distill": {"voice": "teacher"}, "log": {"every_steps": 1, "tensorboard": False},
              "validation": {"every_steps": 100, "clips": 1, "samples": 0}}
    trainer = job("vocos", tmp_path, optimizer, job_options={"teacher": teacher}, **tables).trainer(corpus)
    assert isinstance(trainer.task, DistillationTask)
    seen: list[dict[str, Any]] = []
    trainer.train(seen.append)
    distances = [record["complex"] for record in seen if "complex" in record]
    assert distances[-1] < 0.8 * distances[0]
    batch = trainer.batches.of(0)[0]
    expected = trainer.task.wanted(batch)
    assert not expected.requires_grad and expected.shape == batch.audio.shape
    plain = job("vocos", tmp_path / "plain", optimizer, job_options={"teacher": PlainTeacher(teacher)}, **tables)
    task = plain.trainer(corpus).task
    assert isinstance(task, DistillationTask)
    torch.testing.assert_close(task.wanted(batch), expected, atol=1e-5, rtol=1e-4)


def test_teachers_that_cannot_teach_are_refused(corpus: Corpus, tmp_path: Path) -> None:
    voice = fresh_voice("vocos")
    teacher = Vocos(Options(), Voice("vocos", voice.config, convention("bigvgan-22k"), voice.tensors))
    distill = {"voice": "teacher"}
    with pytest.raises(CallError, match="the teacher takes mels of bigvgan-22k, the student of hifigan-22k"):
        job("vocos", tmp_path / "a", job_options={"teacher": teacher}, distill=distill).trainer(corpus)
    with pytest.raises(CallError, match="has to be opened first"):
        job("vocos", tmp_path / "b", distill=distill).trainer(corpus)
    for table, values, why in (("distill", distill, "has an objective of"), ("adversarial", {}, "makes nothing")):
        with pytest.raises(CallError, match=rf"recipe \[{table}\]: this model.*{why}"):
            job("denoiser", tmp_path / table, **{table: values}).trainer(corpus)
    assert not RunFolder(tmp_path / "a").steps()
