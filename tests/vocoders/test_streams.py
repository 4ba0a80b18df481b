"""Renderings that are pushed: whatever the blocks, and whatever the vocoder carries along, they equal one pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_rendering import Noisy, mel_values

from vocolab.errors import CallError, MelError, MelMismatch, PluginError
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.plugins.specs import F0_INPUT, VocoderInput
from vocolab.postfilters.options import PostfilterOptions
from vocolab.rendering import Renderer
from vocolab.rendering.chunks import growing_sizes
from vocolab.rendering.gathered import GatheredStream

SPEC = convention("hifigan-22k")
HOP = SPEC.hop_samples
BOTH = PostfilterOptions(denoise_db=0.0, refine=2)
NOISE = VocoderInput("noise", "sample", "two lines of noise")


class Humming:
    """A tone at the F0 of each frame whose phase runs on from the first: no chunk can be rendered by itself."""

    def __init__(self) -> None:
        self.mel_spec, self.context_frames = SPEC, 0

    def render(self, mel: np.ndarray, *, first_frame: int = 0, seed: int = 0, **inputs: np.ndarray) -> np.ndarray:
        assert first_frame == 0, "it was asked for a part by itself"
        stream = self.open(seed)
        return np.concatenate([stream.push(mel, **inputs), stream.finish()])

    def open(self, seed: int = 0) -> Hum:
        return Hum()


class Hum:
    """It gives what it has a frame late."""

    def __init__(self) -> None:
        self.phase, self.kept = 0.0, np.zeros(0, np.float32)

    def push(self, mel: np.ndarray, f0_hz: np.ndarray | None = None) -> np.ndarray:
        f0 = 100 + 10 * mel[0] if f0_hz is None else f0_hz
        phases = self.phase + np.cumsum(np.repeat(f0.astype(np.float64), HOP)) / SPEC.sample_rate
        self.phase = float(phases[-1])
        samples = np.concatenate([self.kept, np.sin(2 * np.pi * phases).astype(np.float32)])
        self.kept = samples[-HOP:]
        return samples[:-HOP]

    def finish(self) -> np.ndarray:
        return self.kept


class Listening(Noisy):
    """A vocoder that adds the noise that it is given, and the F0 as a level."""

    def render(
        self, mel: np.ndarray, *, first_frame: int = 0, seed: int = 0, noise: np.ndarray | None = None,
        f0_hz: np.ndarray | None = None,
    ) -> np.ndarray:
        audio = super().render(mel, first_frame=first_frame, seed=seed)
        if noise is not None:
            audio = audio + noise.sum(axis=0)
        return audio if f0_hz is None else audio + np.repeat(f0_hz, HOP) / 1000


def pushed(renderer: Renderer, mel: np.ndarray, cuts: Iterable[int], seed: int = 0, **inputs: np.ndarray) -> np.ndarray:
    frames = mel.shape[1]
    edges = sorted({0, frames, *(cut % (frames + 1) for cut in cuts)})
    stream = renderer.open(seed=seed, first_frames=3, chunk_frames=11)
    done = []
    for start, stop in pairwise(edges):
        part = {
            name: values[..., start * values.shape[-1] // frames : stop * values.shape[-1] // frames]
            for name, values in inputs.items()
        }
        done.append(stream.push(mel[:, start:stop], **part))
    return np.concatenate([*done, stream.finish()])


CUTS = st.lists(st.integers(0, 1000), max_size=12)


@pytest.mark.parametrize("postfilters", [PostfilterOptions(), BOTH], ids=["bare", "denoised and refined"])
@pytest.mark.parametrize("kind", [Noisy, Humming])
@settings(max_examples=8, deadline=None)
@given(frames=st.integers(1, 60), cuts=CUTS, seed=st.integers(0, 9))
def test_blocks_equal_the_whole(
    kind: Any, postfilters: PostfilterOptions, frames: int, cuts: Sequence[int], seed: int
) -> None:
    renderer = Renderer(kind(), postfilters=postfilters, chunk_frames=16)
    mel = mel_values(frames)
    whole = Renderer(kind(), postfilters=postfilters, chunk_frames=frames)(mel, seed=seed).samples[0]
    np.testing.assert_allclose(pushed(renderer, mel, cuts, seed), whole, atol=1e-5)
    np.testing.assert_allclose(renderer(mel, seed=seed).samples[0], whole, atol=1e-5)


@settings(max_examples=10, deadline=None)
@given(frames=st.integers(1, 40), cuts=CUTS)
def test_inputs_go_with_their_frames(frames: int, cuts: Sequence[int]) -> None:
    random = np.random.default_rng(frames)
    given_inputs = {
        "f0_hz": random.uniform(80, 200, frames).astype(np.float32),
        "noise": random.standard_normal((2, frames * HOP)).astype(np.float32),
    }
    renderer = Renderer(Listening(), inputs=(F0_INPUT, NOISE), chunk_frames=7)
    mel = mel_values(frames)
    bare = renderer(mel).samples[0]
    wanted = bare + given_inputs["noise"].sum(axis=0) + np.repeat(given_inputs["f0_hz"], HOP) / 1000
    np.testing.assert_allclose(renderer(mel, **given_inputs).samples[0], wanted, atol=1e-4)
    np.testing.assert_allclose(pushed(renderer, mel, cuts, **given_inputs), wanted, atol=1e-4)


def test_the_first_sound_comes_before_the_last_frame() -> None:
    renderer = Renderer(Noisy(), chunk_frames=64)
    stream = renderer.open(first_frames=4)
    sizes = [stream.push(mel_values(1)).size // HOP for _ in range(100)]
    assert sizes.index(4) == 4 + 2 - 1  # the chunk's frames, and two that they depend on
    assert [size for size in sizes if size] == [4, 8, 16, 32]
    assert sum(sizes) + stream.finish().size // HOP == 100


def test_chunks_grow_up_to_the_renderers() -> None:
    sizes = growing_sizes(3, 20)
    assert [next(sizes) for _ in range(5)] == [3, 6, 12, 20, 20]


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({"f0_hz": np.full(9, 100.0)}, "last axis has to have 10, one for each frame"),
        ({"f0_hz": np.full(10, -1.0)}, "holds -1 Hz; a frequency is above 0"),
        ({"f0_hz": np.full(10, np.nan)}, "f0_hz: holds NaN"),
        ({"f0_hz": np.full(10, 12_000.0)}, "half the sample rate, 11025 Hz"),
        ({"f0_hz": np.full((2, 10), 100.0)}, "one number a frame"),
        ({"f0_hz": np.array(["a"] * 10)}, "numbers are needed, not"),
        ({"noise": np.zeros(10)}, f"has to have {10 * HOP}, one for each sample"),
        ({"latent": np.zeros(10 * HOP)}, "listening does not take latent; it takes a mel and f0_hz, noise"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(inputs: dict[str, Any], problem: str) -> None:
    renderer = Renderer(Listening(), name="listening", inputs=(F0_INPUT, NOISE))
    with pytest.raises(CallError, match=problem):
        renderer(mel_values(10), **inputs)
    with pytest.raises(CallError, match=problem):
        renderer.open().push(mel_values(10), **inputs)


def test_a_vocoder_that_takes_nothing_says_so() -> None:
    with pytest.raises(CallError, match="it takes a mel and nothing beside it"):
        Renderer(Noisy())(mel_values(10), f0_hz=np.full(10, 100.0))


def test_what_is_no_block_is_refused() -> None:
    stream = Renderer(Noisy(), name="noisy").open()
    for block, error, problem in (
        (np.zeros((10, 80), np.float32), MelError, r"a block of this stream is \(80, frames\), not \(10, 80\)"),
        (np.zeros(80, np.float32), MelError, r"not \(80,\)"),
        (np.full((80, 4), np.nan, np.float32), MelError, "NaN"),
        (np.full((80, 4), 40.0, np.float32), MelMismatch, "the stream: not a mel of hifigan-22k"),
        (Mel(np.full((100, 4), -2.0, np.float32), convention("bigvgan-24k")), MelMismatch, "sample_rate"),
    ):
        with pytest.raises(error, match=problem):
            stream.push(block)


def test_a_finished_stream_takes_nothing_more() -> None:
    stream = Renderer(Noisy()).open()
    stream.push(mel_values(3))
    assert stream.finish().size == 3 * HOP
    with pytest.raises(CallError, match="is finished; open another"):
        stream.push(mel_values(1))
    with pytest.raises(CallError, match="is finished already"):
        stream.finish()
    with pytest.raises(CallError, match="at least 1 frame, not 0"):
        Renderer(Noisy()).open(first_frames=0)


def test_each_block_comes_with_the_same_inputs() -> None:
    stream = Renderer(Listening(), inputs=(F0_INPUT,)).open()
    stream.push(mel_values(3), f0_hz=np.full(3, 100.0))
    with pytest.raises(CallError, match="a block came with nothing beside the mel, and those before with f0_hz"):
        stream.push(mel_values(3))


def test_a_mel_of_a_stream_is_assumed_once() -> None:
    renderer, notes = Renderer(Noisy()), list[str]()
    renderer.on_note = notes.append
    stream = renderer.open()
    for _ in range(5):
        stream.push(mel_values(2))
    assert notes == ["the stream: no convention stated; taken as hifigan-22k"]


class Cheating(Humming):
    """Its stream forgets a sample."""

    def open(self, seed: int = 0) -> Any:
        stream = super().open(seed)
        stream.finish = lambda: stream.kept[1:]  # type: ignore[method-assign]
        return stream


def test_a_stream_is_held_to_its_length() -> None:
    with pytest.raises(PluginError, match=r"cheating: its stream gave 2559 samples for 10 frames"):
        Renderer(Cheating(), name="cheating")(mel_values(10))


class Counting:
    """A stream that gives a frame's samples three frames late, and remembers how it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.known = self.given = 0

    def push(self, mel: np.ndarray, **inputs: np.ndarray) -> np.ndarray:
        self.asked.append(mel.shape[1])
        self.known += mel.shape[1]
        ready = max(self.known - 3 - self.given, 0)
        self.given += ready
        return np.ones(ready * HOP, np.float32)

    def finish(self) -> np.ndarray:
        return np.ones((self.known - self.given) * HOP, np.float32)


def test_small_steps_are_gathered_into_chunks() -> None:
    inner = Counting()
    stream = GatheredStream(inner, 3, growing_sizes(4, 16))
    sizes = [stream.push(mel_values(1)).size // HOP for _ in range(40)]
    assert [size for size in sizes if size] == [4, 8, 16]
    assert inner.asked == [7, 8, 16]
    assert sum(sizes) + stream.finish().size // HOP == 40


def test_a_stream_that_waits_for_more_than_it_says_is_asked_again() -> None:
    inner = Counting()
    stream = GatheredStream(inner, 0, growing_sizes(1, 1))
    sizes = [stream.push(mel_values(1)).size // HOP for _ in range(10)]
    assert sizes == [0, 0, 0, 1, 1, 1, 1, 1, 1, 1]
    assert inner.asked == [1] * 10


def test_what_comes_beside_the_mel_is_gathered_with_it() -> None:
    class Summing(Counting):
        def push(self, mel: np.ndarray, **inputs: np.ndarray) -> np.ndarray:
            assert np.array_equal(inputs["f0_hz"], mel[0]), "F0 of other frames"
            return super().push(mel)

    stream = GatheredStream(Summing(), 3, growing_sizes(5, 5))
    for start in range(0, 20, 2):
        mel = np.arange(start, start + 2, dtype=np.float32)[None]
        stream.push(mel, f0_hz=mel[0])
    assert stream.finish().size
