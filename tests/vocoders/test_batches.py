"""Mels of one length share passes of the network, and each comes out as it does alone."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tiny_voices import OTHERS, VOICES, voice
from vocolab.catalog import Catalog
from vocolab.errors import MelError, VocolabError
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.mels.pending import PendingMels
from vocolab.mels.plausible import plausible_mel
from vocolab.postfilters.options import PostfilterOptions
from vocolab.rendering import Renderer, open_vocoder
from vocolab.rendering.ahead import RenderedAhead
from vocolab.rendering.batches import MOST_FRAMES, MOST_MELS
from vocolab.rendering.lockstep import SharedExecution, run_in_lockstep, sharing

SPEC = convention("hifigan-22k")


class Smoothing:
    """An execution: the level of each frame and its neighbours, held for a hop. It remembers how many mels came."""

    def __init__(self) -> None:
        self.passes: list[int] = []

    def __call__(self, *inputs: np.ndarray) -> tuple[np.ndarray, ...]:
        (mels,) = inputs
        self.passes.append(len(mels))
        if (mels > 0.5).any():
            raise VocolabError("this mel is too loud")
        level = np.pad(mels.mean(axis=1), ((0, 0), (1, 1)))
        smooth = (level[:, :-2] + level[:, 1:-1] + level[:, 2:]) / 3
        return (np.repeat(smooth, SPEC.hop_samples, axis=1).astype(np.float32),)

    def to(self, device: str) -> None:
        raise NotImplementedError


class Networked:
    mel_spec, context_frames = SPEC, 1

    def __init__(self) -> None:
        self.execution = Smoothing()

    def render(self, mel: np.ndarray, *, first_frame: int = 0, seed: int = 0) -> np.ndarray:
        return self.execution(mel[None])[0][0]


def mels_of(lengths: list[int]) -> list[np.ndarray]:
    random = np.random.default_rng(len(lengths))
    return [plausible_mel(SPEC, frames, random) for frames in lengths]


def loud(frames: int) -> np.ndarray:
    mel = mels_of([frames])[0]
    mel[40, frames // 2] = 0.6
    return mel


@settings(max_examples=20, deadline=None)
@given(lengths=st.lists(st.sampled_from([1, 2, 30, MOST_FRAMES, MOST_FRAMES + 1]), max_size=20))
def test_whatever_the_mixture_of_lengths_each_is_its_single_rendering(lengths: list[int]) -> None:
    vocoder, mels = Networked(), mels_of(lengths)
    together = Renderer(vocoder).batch(mels)
    for mel, audio in zip(mels, together, strict=True):
        assert audio.n_samples == mel.shape[1] * SPEC.hop_samples
        np.testing.assert_allclose(audio.samples, Renderer(Networked())(mel).samples, atol=1e-6)
    assert max(vocoder.execution.passes, default=0) <= MOST_MELS


def test_short_mels_of_one_length_share_passes_and_long_ones_do_not() -> None:
    vocoder = Networked()
    Renderer(vocoder).batch(mels_of([40] * 10 + [41] + [MOST_FRAMES + 1] * 2))
    assert sorted(vocoder.execution.passes) == [1, 1, 1, 2, MOST_MELS]


BARE, FILTERED = {"refine": 0}, {"refine": 2, "denoise_db": 0.0, "band_gains": 2}


@pytest.mark.parametrize(
    ("name", "postfilters"),
    [*((name, BARE) for name in {**VOICES, **OTHERS} if name != "waveglow"), ("vocos", FILTERED)],
)
def test_real_networks_with_what_follows_them(name: str, postfilters: dict[str, float]) -> None:
    tiny = voice(name)
    renderer = open_vocoder(Catalog.installed(), voice=tiny, values=postfilters)
    random = np.random.default_rng(4)
    mels = [Mel(plausible_mel(tiny.mel_spec, frames, random), tiny.mel_spec) for frames in (30, 12, 30, 30, 7, 12)]
    seeds = list(range(6))
    for mel, seed, audio in zip(mels, seeds, renderer.batch(mels, seeds), strict=True):
        assert audio.n_samples == mel.frames * tiny.mel_spec.hop_samples
        np.testing.assert_allclose(audio.samples, renderer(mel, seed=seed).samples, atol=1e-5)


def test_one_that_fails_leaves_the_others_alone() -> None:
    vocoder, mels = Networked(), [*mels_of([20, 20]), loud(20), *mels_of([20])]
    made = Renderer(vocoder).try_batch([*mels, np.zeros((3, 3))])
    assert [isinstance(one, VocolabError) for one in made] == [False, False, True, False, True]
    assert str(made[2]) == "this mel is too loud"
    assert isinstance(made[4], MelError)
    assert vocoder.execution.passes == [4, 1, 1, 1, 1]  # all at once, and then one by one
    with pytest.raises(VocolabError, match="too loud"):
        Renderer(Networked()).batch(mels)


def test_what_is_no_error_of_ours_is_raised() -> None:
    class Broken(Networked):
        def render(self, mel: np.ndarray, *, first_frame: int = 0, seed: int = 0) -> np.ndarray:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Renderer(Broken()).batch(mels_of([5, 5]))


def test_the_renderer_itself_stays_as_it_is() -> None:
    renderer = Renderer(Networked(), postfilters=PostfilterOptions(refine=1))
    before = renderer.vocoder
    renderer.batch(mels_of([9, 9]))
    assert renderer.vocoder is before
    shared = sharing(before)
    assert shared is not None
    assert shared[0] is not before
    assert isinstance(before.vocoder.execution, Smoothing)


def test_callers_of_other_shapes_and_other_counts_do_not_hang() -> None:
    """One calls thrice with one shape, one once with another, one never: all end, and nobody waits for the ended."""
    shared = SharedExecution(Smoothing())
    a, b = np.zeros((1, 80, 5), np.float32), np.zeros((1, 80, 6), np.float32)
    calls = [lambda: [shared(a) for _ in range(3)], lambda: shared(b), lambda: None]
    done = []
    worker = threading.Thread(target=lambda: done.append(run_in_lockstep(calls, shared)), daemon=True)
    worker.start()
    worker.join(20)
    assert len(done) == 1
    assert not any(isinstance(one, Exception) for one in done[0])



def written(folder: Path, name: str, mel: np.ndarray) -> Path:
    np.save(folder / name, mel)
    return folder / name


def test_files_of_one_length_are_rendered_ahead_and_given_in_order(tmp_path: Path) -> None:
    vocoder = Networked()
    lengths = [20, 30, 20, 20, 200, 30]
    paths = [written(tmp_path, f"{n}.npy", mel) for n, mel in enumerate(mels_of(lengths))]
    ahead = RenderedAhead(Renderer(vocoder), PendingMels(paths), paths)
    for path, frames in zip(paths, lengths, strict=True):
        signal, notes = ahead.signal(path)
        assert notes
        assert signal.n_samples == frames * SPEC.hop_samples
        np.testing.assert_allclose(
            signal.rendered().samples, Renderer(Networked())(np.load(path)).samples, atol=1e-6
        )
    assert vocoder.execution.passes == [3, 2, 1]


def test_a_bad_file_is_told_at_its_turn_and_costs_itself_only(tmp_path: Path) -> None:
    good = mels_of([20, 20, 20])
    paths = [written(tmp_path, "0.npy", good[0]), written(tmp_path, "1.npy", np.full_like(good[0], np.nan)),
             written(tmp_path, "2.npy", loud(20)), written(tmp_path, "3.npy", good[2]), tmp_path / "none.npy"]
    ahead = RenderedAhead(Renderer(Networked()), PendingMels(paths), paths)
    assert ahead.signal(paths[0])[0].rendered().n_samples == 20 * SPEC.hop_samples
    with pytest.raises(MelError, match="NaN"):
        ahead.signal(paths[1])
    with pytest.raises(VocolabError, match="too loud"):
        ahead.signal(paths[2])[0].rendered()
    assert ahead.signal(paths[3])[0].ready is not None
    with pytest.raises(MelError):
        ahead.signal(paths[4])
