"""F0 travels with a mel: into files, out of them, through conversion; what can't be F0 is refused."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vocolab.errors import MelError, MelMismatch
from vocolab.mels.conventions import convention
from vocolab.mels.convert import convert
from vocolab.mels.examine import examine_file
from vocolab.mels.mel import Mel
from vocolab.mels.reader import accept_mel, read_mel

SPEC = convention("hifigan-22k")
FRAMES = 30
F0 = np.where(np.arange(FRAMES) % 5 == 0, 0.0, 100.0 + np.arange(FRAMES)).astype(np.float32)


def values() -> np.ndarray:
    return np.random.default_rng(0).uniform(-11.0, 0.0, (80, FRAMES)).astype(np.float32)


@pytest.mark.parametrize("suffix", [".safetensors", ".npz"])
@pytest.mark.parametrize("f0", [F0, None], ids=["with", "without"])
def test_a_file_keeps_values_convention_and_f0(tmp_path: Path, suffix: str, f0: np.ndarray | None) -> None:
    mel = Mel(values(), SPEC, f0)
    mel.save(tmp_path / f"mel{suffix}")
    back = Mel.load(tmp_path / f"mel{suffix}")
    np.testing.assert_array_equal(back.values, mel.values)
    assert back.spec == SPEC
    assert (back.f0_hz is None) if f0 is None else np.array_equal(back.f0_hz, F0)
    read, notes = read_mel(tmp_path / f"mel{suffix}", SPEC)
    assert notes == [] and (read.f0_hz is None) == (f0 is None)


def test_an_npy_has_no_place_for_it(tmp_path: Path) -> None:
    with pytest.raises(MelError, match=r"F0 would be lost; write .safetensors or .npz"):
        Mel(values(), SPEC, F0).save(tmp_path / "mel.npy")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("f0", "said"),
    [
        (F0[:-1], r"shape \(29,\), and it has 30 frames"), (F0[None], r"shape \(1, 30\)"),
        (np.where(F0 > 0, np.nan, 0.0), "f0_hz of frame 1 is nan, no number"),
        (F0 - 1.0, "f0_hz of frame 0 is -1, negative"), (F0 * 1000, "above half the sample rate, 11025 Hz"),
        (np.full(FRAMES, np.inf), "no number"), (F0.astype(int), "its f0_hz are int64"), (["a"] * FRAMES, "f0_hz are"),
    ],
)
def test_what_can_be_no_f0_is_refused(f0: object, said: str) -> None:
    with pytest.raises(MelError, match=said):
        Mel(values(), SPEC, f0)  # type: ignore[arg-type]


def test_it_is_kept_as_float32_and_not_changed_behind_the_back() -> None:
    given = F0.astype(np.float64)
    mel = Mel(values(), SPEC, given)
    given[:] = 0.0
    assert mel.f0_hz is not None and mel.f0_hz.dtype == np.float32
    np.testing.assert_array_equal(mel.f0_hz, F0)


def test_conversion_keeps_it() -> None:
    other = replace(SPEC, log_base="10")
    np.testing.assert_array_equal(convert(Mel(values(), SPEC, F0), other).f0_hz, F0)
    accepted, _ = accept_mel(Mel(values(), SPEC, F0), other)
    np.testing.assert_array_equal(accepted.f0_hz, F0)


def test_a_file_with_a_wrong_f0_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "mel.npz"
    np.savez(file, mel=values(), f0_hz=F0[:-3])
    with pytest.raises(MelError, match=r"mel.npz: its f0_hz have the shape \(27,\)"):
        read_mel(file, SPEC)


def test_an_examination_has_its_figures(tmp_path: Path) -> None:
    file = tmp_path / "mel.safetensors"
    Mel(values(), SPEC, F0).save(file)
    facts = examine_file(file).f0
    assert facts is not None and (facts.voiced_frames, facts.frames) == (24, 30)
    assert facts.lowest_hz == 101.0 and facts.highest_hz == 129.0


def test_an_npz_of_one_array_is_a_bare_mel(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", values())
    np.savez_compressed(tmp_path / "b.npz", spectrogram=values().T, f0_hz=F0)
    for name in ("a.npz", "b.npz"):
        mel, notes = read_mel(tmp_path / name, SPEC)
        np.testing.assert_array_equal(mel.values, values())
        assert any("no convention stated" in note for note in notes)
    assert mel.f0_hz is not None
    with pytest.raises(MelError, match="a bare array does not state its convention"):
        Mel.load(tmp_path / "a.npz")


def test_an_npz_that_states_another_convention_is_refused(tmp_path: Path) -> None:
    Mel(values(), SPEC).save(tmp_path / "a.npz")
    with pytest.raises(MelMismatch, match="differ in fmax_hz"):
        Mel.load(tmp_path / "a.npz", "bigvgan-22k")


def test_archives_that_are_no_mels_or_bombs(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", a=values(), b=values())
    np.savez(tmp_path / "objects.npz", mel=np.array([{}], dtype=object))
    np.savez_compressed(tmp_path / "bomb.npz", mel=np.zeros((80, 200_000), dtype=np.float32))
    np.savez(tmp_path / "document.npz", mel=values(), vocolab_mel=np.zeros(3))
    with zipfile.ZipFile(tmp_path / "cut.npz", "w") as archive:
        archive.writestr("mel.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (80, "
                                    b"99999999), }" + b" " * 50 + b"\n")
    said = {
        "two.npz": "an .npz archive of 2 arrays", "objects.npz": "pickled Python objects",
        "bomb.npz": "which no mel does", "document.npz": "not the text of a convention", "cut.npz": "damaged",
    }
    for name, text in said.items():
        with pytest.raises(MelError, match=text):
            read_mel(tmp_path / name, SPEC)
