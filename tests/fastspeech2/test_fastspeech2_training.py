"""Training on clips whose symbols have known durations, and what is wrong with clips."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from speech_fakes import SMALL, small_voice

from vocolab.audio import Audio
from vocolab.errors import CallError, CheckpointError, CorpusError, InputError
from vocolab.mels.conventions import convention
from vocolab.training.recipe import recipe_from
from vocolab.training.session import TrainingJob
from vocolab.training.starting_point import StartingPoint
from vocolab_english.symbols import SYMBOLS
from vocolab_fastspeech2.clips import Features, energies_db, read_clips, whole_frames
from vocolab_fastspeech2.examples import example, joined
from vocolab_fastspeech2.model import FastSpeech2
from vocolab_fastspeech2.options import FastSpeech2Options
from vocolab_fastspeech2.training import build

RATE = 22_050
SPEC = convention("hifigan-22k")


def corpus(folder: Path, clips: int = 8) -> Path:
    """Tones for vowels and silence for the rest."""
    (folder / "wavs").mkdir(parents=True)
    random, rows = np.random.default_rng(0), []
    for number in range(clips):
        symbols = ["<s>", "AA1", "<w>", "IY1", "</s.>"]
        seconds = [0.1, *random.uniform(0.1, 0.3, 3).round(3).tolist(), 0.1]
        parts = [np.sin(2 * np.pi * (150 if symbol == "AA1" else 250) * np.arange(round(length * RATE)) / RATE)
                 * (symbol in ("AA1", "IY1")) for symbol, length in zip(symbols, seconds, strict=True)]
        Audio.mono(0.3 * np.concatenate(parts).astype(np.float32), RATE).save(folder / "wavs" / f"c{number}.wav")
        rows.append({"name": f"c{number}", "speaker": "one", "symbols": symbols, "seconds": seconds})
    (folder / "symbols.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "speech.json").write_text(json.dumps({"symbols": "arpabet-1"}))
    (folder / "validation.txt").write_text("c0\n")
    return folder


def recipe(steps: int = 30) -> dict[str, object]:
    """A few steps of a tiny network."""
    return {
        "model": {**SMALL, "join": {"share": 0.3, "least_frames": 100, "most_frames": 200}},
        "optimizer": {"steps": steps, "batch": 4, "segment_frames": 100, "learning_rate": 3e-3, "warmup_steps": 5},
        "validation": {"every_steps": 10, "clips": 1}, "log": {"every_steps": 10, "tensorboard": False},
        "checkpoints": {"every_steps": 10},
    }


def test_it_learns_goes_on_alike_and_speaks(tmp_path: Path) -> None:
    data, records = corpus(tmp_path / "corpus"), []
    whole = TrainingJob("fastspeech2", build, recipe_from(recipe(), "r"), tmp_path / "whole")
    trainer = whole.run(data, print, records.append)
    losses = [record["validation"]["mel_told"] for record in records if "validation" in record]
    assert losses[-1] < losses[0]
    parts = TrainingJob("fastspeech2", build, recipe_from(recipe(), "r"), tmp_path / "parts")
    parts.run(data, print, lambda record: None, until=10)
    again = parts.run(data, print, lambda record: None)
    for one, other in zip(trainer.network.parameters(), again.network.parameters(), strict=True):
        np.testing.assert_array_equal(one.detach().numpy(), other.detach().numpy())
    assert sorted(file.name for file in (tmp_path / "whole" / "samples" / "c0").iterdir()) == [
        "10.wav", "20.wav", "30.wav", "recording.wav"]
    said = Audio.load(tmp_path / "whole" / "samples" / "c0" / "30.wav")
    assert said.sample_rate == RATE
    assert np.isfinite(said.samples).all()
    voice = trainer.trainable.export(trainer.average.network.state_dict())
    assert FastSpeech2(FastSpeech2Options(), voice).mel_spec == SPEC


def test_a_discriminator_of_mels_is_trained_beside_it_and_a_run_goes_on_alike(tmp_path: Path) -> None:
    data, records = corpus(tmp_path / "corpus"), []
    judged = {"discriminators": ["mel"], "objective": "hinge", "relative_features": True, "width": 0.1}
    again = {**recipe(20), "adversarial": judged}
    whole = TrainingJob("fastspeech2", build, recipe_from(again, "r"), tmp_path / "whole").run(
        data, print, records.append)
    assert {"adversarial", "features", "discriminator"} <= records[-2].keys() | records[-1].keys()
    parts = TrainingJob("fastspeech2", build, recipe_from(again, "r"), tmp_path / "parts")
    parts.run(data, print, lambda record: None, until=10)
    other = parts.run(data, print, lambda record: None)
    for one, two in zip(whole.network.parameters(), other.network.parameters(), strict=True):
        np.testing.assert_array_equal(one.detach().numpy(), two.detach().numpy())


def test_fine_tuning_keeps_the_speakers_that_it_knows_and_begins_others_as_their_mean(tmp_path: Path) -> None:
    voice = small_voice()
    known = voice.float32()["speakers.weight"]
    others = recipe_from({**recipe(), "model": {"inventory": {"speakers": ["new", "two"]}}}, "r")
    job = TrainingJob("fastspeech2", build, others, tmp_path, start=StartingPoint("small", voice))
    table = job.trainable().network.speakers.weight.detach().numpy()
    np.testing.assert_array_equal(table, [known.mean(axis=0), known[1]])
    assert job.trainable().inventory.speakers == ("new", "two")


def test_fine_tuning_with_other_sizes_or_symbols_is_refused(tmp_path: Path) -> None:
    start = StartingPoint("small", small_voice())
    wide = recipe_from({**recipe(), "model": {"dim": 64}}, "r")
    with pytest.raises(CallError, match="dim 64, not 32"):
        TrainingJob("fastspeech2", build, wide, tmp_path, start=start).trainable()
    odd = replace(start.voice, config={**start.voice.config, "inventory": {"symbols": "kana-1"}})
    with pytest.raises(CheckpointError, match="'kana-1'"):
        build(SMALL, SPEC).start_from(odd)


def test_durations_are_rounded_at_the_running_end(tmp_path: Path) -> None:
    for clip in read_clips(corpus(tmp_path)).clips:
        frames = int(sum(clip.seconds) * RATE) // SPEC.hop_samples
        durations = whole_frames(clip, SPEC, frames)
        assert durations.sum() == frames
        ends_s = np.cumsum(durations) * SPEC.hop_samples / RATE
        np.testing.assert_allclose(ends_s[:-1], np.cumsum(clip.seconds)[:-1], atol=0.006)


def test_durations_of_another_recording_are_refused(tmp_path: Path) -> None:
    clip = read_clips(corpus(tmp_path)).clips[0]
    with pytest.raises(CorpusError, match="its symbols end at"):
        whole_frames(clip, SPEC, 500)


def test_speakers_that_the_recipe_does_not_name_are_refused(tmp_path: Path) -> None:
    data = corpus(tmp_path / "corpus")
    rows = (data / "symbols.jsonl").read_text().replace('"one"', '"three"')
    (data / "symbols.jsonl").write_text(rows)
    job = TrainingJob("fastspeech2", build, recipe_from(recipe(), "r"), tmp_path / "run")
    with pytest.raises(CorpusError, match="three"):
        job.run(data, print, lambda record: None)


def test_a_corpus_without_durations_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"speech\.json"):
        read_clips(tmp_path)


def test_energy_is_the_mean_level_of_a_symbol_in_decibels() -> None:
    mel = np.log(np.repeat([[0.1], [0.01], [1.0]], [2, 3, 1], axis=0)).astype(np.float32)
    np.testing.assert_allclose(energies_db(mel, np.array([2, 3, 0, 1])), [-20, -40, 0, 0], atol=1e-3)


def test_clips_joined_as_one_have_a_long_pause_between_them() -> None:
    features = Features(np.zeros((6, 80), np.float16), np.full(6, 100, np.float32), np.array([1, 4, 1]))
    row = example(["<s>", "AA1", "</s.>"], features, SYMBOLS, 0)
    both, apart = joined(row, row, SYMBOLS, 10), joined(row, row, SYMBOLS, None)
    assert both.symbols.tolist() == list(SYMBOLS.ids(["<s>", "AA1", "p3", "AA1", "</s.>"]))
    assert both.durations.tolist() == [1, 4, 12, 4, 1]
    assert len(both.mel) == len(both.f0_hz) == 22
    assert not both.f0_hz[6:16].any()
    assert apart.durations.tolist() == [1, 4, 1, 1, 4, 1]


def test_an_unknown_symbol_is_named() -> None:
    features = Features(np.zeros((6, 80), np.float16), np.zeros(6, np.float32), np.array([6]))
    with pytest.raises(InputError, match="QQ"):
        example(["QQ"], features, SYMBOLS, 0)
