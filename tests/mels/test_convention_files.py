"""Conventions as TOML, with statistics, out of plugins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from any_spec import any_spec
from hypothesis import given, settings

from vocolab import toml
from vocolab.catalog import Catalog
from vocolab.errors import CallError, DocumentError, MelError
from vocolab.mels.convention_files import read_convention, to_toml
from vocolab.mels.conventions import convention, conventions, every_convention, named_convention
from vocolab.mels.extract import extract
from vocolab.mels.spec import MelSpec
from vocolab.mels.statistics import read_statistics
from vocolab.plugins.host import PluginHost

HIFIGAN = convention("hifigan-22k")


@settings(max_examples=150)
@given(any_spec())
def test_toml_and_back_loses_nothing(spec: MelSpec) -> None:
    assert MelSpec.from_toml(spec.to_toml()) == spec


def test_texts_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(to_toml(HIFIGAN, family='A "B" \\ C', summary="x"), encoding="utf-8")
    known = read_convention(file)
    assert (known.name, known.family, known.summary, known.spec) == ("mine", 'A "B" \\ C', "x", HIFIGAN)
    assert convention(file) == convention(str(file)) == HIFIGAN


def test_statistics_are_numbers_or_vectors() -> None:
    text = HIFIGAN.to_toml() + "mean = -5\nscale = 2.5\n"
    assert MelSpec.from_toml(text) == HIFIGAN.with_statistics((-5.0,) * 80, (2.5,) * 80)
    vector = tuple(float(n) for n in range(80))
    assert MelSpec.from_toml(HIFIGAN.with_statistics(vector, (1.0,) * 80).to_toml()).mean == vector


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("hop_samples = 256\n", ""), "the convention does not say hop_samples"),
        (("hop_samples = 256", "hop = 256"), r":\d+: a mel convention has no hop; it has"),
        (("hop_samples = 256", "hop_samples = 256.5"), "hop_samples = 256.5 has to be a whole number"),
        (("fmax_hz = 8000.0", 'fmax_hz = "8000"'), "fmax_hz = '8000' has to be a number"),
        (('window = "hann"', 'window = "box"'), "window = 'box'; allowed: hann"),
        (("[mel_spec]\n", ""), "stand under \\[mel_spec\\]"),
        (("[mel_spec]", "[mel_spec"), r":\d+: TOML syntax"),
        (("[mel_spec]", 'colour = "red"\n[mel_spec]'), r"f.toml:1: colour: unknown; allowed: family"),
        (("[mel_spec]", 'rank = "high"\n[mel_spec]'), "has to be of type int"),
    ],
)
def test_a_file_that_is_no_convention_is_refused_by_line(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    file = tmp_path / "f.toml"
    file.write_text(HIFIGAN.to_toml().replace(*change), encoding="utf-8")
    with pytest.raises(DocumentError, match=said):
        convention(file)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="there is no such file"):
        convention(tmp_path / "none.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(DocumentError, match="can't be read"):
        convention(tmp_path / "folder.toml")


def test_the_files_of_shipped_conventions_state_every_field() -> None:
    for entry in Catalog(PluginHost(allow=frozenset())).mel_conventions.entries():
        table = toml.loads(entry.spec.file.read_text(encoding="utf-8"))["mel_spec"]
        assert MelSpec(**table).to_toml() == MelSpec.from_toml(MelSpec(**table).to_toml()).to_toml()
        assert set(table) >= set(MelSpec(sample_rate=8000, fmax_hz=4000).to_dict()) - {
            "mean", "scale", "clip", "dynamic_range_db"}


def statistics_files(folder: Path, mels: np.ndarray) -> list[Path]:
    """The statistics of frames (n, bands), as each toolkit keeps them."""
    mean, std = mels.mean(axis=0), mels.std(axis=0)
    total, squares = mels.sum(axis=0), (mels**2).sum(axis=0)
    np.savez(folder / "espnet.npz", count=len(mels), sum=total, sum_square=squares)
    np.savez(folder / "std.npz", mean=mean, std=std)
    np.savez(folder / "var.npz", mean=mean, var=std**2)
    np.save(folder / "pwg.npy", np.stack([mean, std]))
    np.save(folder / "kaldi.npy", np.stack([np.append(total, len(mels)), np.append(squares, 0.0)]))
    return sorted(folder.iterdir())


def test_statistics_in_every_form_are_the_same(tmp_path: Path) -> None:
    mels = np.random.default_rng(0).normal(-3.0, 2.0, (500, 80)) * np.linspace(0.5, 2.0, 80)
    files = statistics_files(tmp_path, mels)
    assert len(files) == 5
    for file in files:
        mean, scale = read_statistics(file, 80)
        np.testing.assert_allclose(((mels - mean) / scale).mean(axis=0), 0.0, atol=1e-6)
        np.testing.assert_allclose(((mels - mean) / scale).std(axis=0), 1.0, atol=1e-6)


def test_espnets_conventions_take_the_statistics_of_their_corpus(tmp_path: Path) -> None:
    np.savez(tmp_path / "feats_stats.npz", count=4, sum=np.full(80, -8.0), sum_square=np.full(80, 20.0))
    spec = convention("espnet-22k", statistics=tmp_path / "feats_stats.npz")
    assert spec.mean == (-2.0,) * 80 and spec.scale == (1.0,) * 80
    assert spec.without_statistics() == convention("pwg-22k")
    with pytest.raises(CallError, match=r"'vocolab conventions espnet-22k --statistics stats.npz --toml > mine.toml'"):
        convention("espnet-22k")
    assert named_convention("espnet-22k").needs_statistics
    assert {known.name for known in every_convention()} - {known.name for known in conventions()} == {
        "espnet-22k", "espnet-24k"}


def test_what_are_no_statistics_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "mel.npy", np.zeros((80, 200)))
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    np.savez(tmp_path / "flat.npz", mean=np.zeros(80), scale=np.zeros(80))
    np.savez(tmp_path / "none.npz", count=0, sum=np.zeros(80), sum_square=np.zeros(80))
    np.save(tmp_path / "few.npy", np.ones((2, 40)))
    (tmp_path / "text.npz").write_text("mean")
    np.save(tmp_path / "objects.npy", np.array([{}]), allow_pickle=True)
    said = {
        "mel.npy": "no statistics of mels", "other.npz": "no statistics", "flat.npz": "every scale above 0",
        "none.npz": "not statistics", "few.npy": "statistics of 40 bands, and the convention has 80",
        "text.npz": "can't be read", "objects.npy": "can't be read", "missing.npz": "no such file",
    }
    for name, text in said.items():
        with pytest.raises(MelError, match=text):
            read_statistics(tmp_path / name, 80)


def reference_power(audio: np.ndarray, n_fft: int, hop: int) -> np.ndarray:
    """|STFT|^2 of centred frames with a periodic Hann window, written down with NumPy alone."""
    padded = np.pad(audio.astype(np.float64), n_fft // 2, mode="reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    starts = range(0, padded.size - n_fft + 1, hop)
    return np.abs(np.stack([np.fft.rfft(padded[s : s + n_fft] * window) for s in starts], axis=1)) ** 2


def triangles(rate: int, n_fft: int, n_mels: int, to_mel, to_hz) -> np.ndarray:
    """Triangles of height 1 between points that are even in mel, from 0 to half the rate."""
    edges = to_hz(np.linspace(to_mel(0.0), to_mel(rate / 2), n_mels + 2))
    bins = np.arange(n_fft // 2 + 1) * rate / n_fft
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return np.clip(np.minimum(rise, fall), 0.0, None), edges


def speechlike(rate: int) -> np.ndarray:
    random = np.random.default_rng(0)
    time = np.arange(rate) / rate
    tones = sum(np.sin(2 * np.pi * 150 * k * time) / k for k in range(1, 30))
    return (0.05 * tones * (1 + np.sin(2 * np.pi * 3 * time)) + 1e-4 * random.normal(size=rate)).astype(np.float32)


def test_whispers_mel_is_that_of_its_paper_code() -> None:
    """Radford et al. (2022): log10 of the power in Slaney filters, 8 under the loudest kept, (x + 4) / 4."""
    from vocolab.audio import Audio

    audio = speechlike(16_000)

    def to_mel(hz):
        hz = np.asarray(hz, dtype=np.float64)
        return np.where(hz < 1000, hz * 3 / 200, 15 + 27 * np.log(np.maximum(hz, 1000) / 1000) / np.log(6.4))

    def to_hz(mel):
        return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((np.maximum(mel, 15) - 15) * np.log(6.4) / 27))

    filters, edges = triangles(16_000, 400, 80, to_mel, to_hz)
    filters *= (2 / (edges[2:] - edges[:-2]))[:, None]
    power = reference_power(audio, 400, 160)[:, :-1]
    logs = np.log10(np.maximum(filters @ power, 1e-10))
    wanted = (np.maximum(logs, logs.max() - 8.0) + 4.0) / 4.0
    mel = extract(Audio.mono(audio, 16_000), convention("whisper-16k"))
    assert mel.values.shape == wanted.shape == (80, 100)
    np.testing.assert_allclose(mel.values, wanted, atol=1e-4)


def test_torchaudios_default_is_power_in_htk_filters() -> None:
    """MelSpectrogram() at 16 kHz: n_fft 400, hop 200, 128 bands, filters of height 1, power 2, no logarithm."""
    from vocolab.audio import Audio

    audio = speechlike(16_000)
    filters, _ = triangles(16_000, 400, 128, lambda hz: 2595 * np.log10(1 + np.asarray(hz) / 700),
                           lambda mel: 700 * (10 ** (mel / 2595) - 1))
    wanted = filters @ reference_power(audio, 400, 200)
    mel = extract(Audio.mono(audio, 16_000), convention("torchaudio-16k"))
    assert mel.values.shape == wanted.shape == (128, 81)
    np.testing.assert_allclose(mel.values, wanted, rtol=1e-3, atol=1e-6 * wanted.max())
