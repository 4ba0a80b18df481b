from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sounds import babble

from vocolab.audio import Audio
from vocolab.errors import CallError, DependencyMissing, MelError
from vocolab.mels.conventions import convention, convention_names
from vocolab.mels.examine import examine, examine_file
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.pictures.mels import plot_mel


def mel_of(name: str) -> Mel:
    spec = convention(name)
    quiet_end = np.concatenate([babble(spec.sample_rate).samples[0], np.zeros(spec.sample_rate // 4)])
    return extract(Audio.mono(quiet_end, spec.sample_rate), spec)


@pytest.mark.parametrize("name", convention_names())
@pytest.mark.parametrize("swapped", [False, True])
def test_a_convention_is_found_among_its_candidates(name: str, swapped: bool) -> None:
    mel = mel_of(name)
    found = examine(mel.values.T if swapped else mel.values)
    assert found.axis_order.startswith("(frames, n_mels)" if swapped else "(n_mels, frames)")
    assert (found.facts.n_mels, found.facts.frames) == mel.values.shape
    candidate = next(c for c in found.candidates if c.name == name)
    assert candidate.verdict in ("likely", "possible") and candidate.evidence_for
    assert candidate.seconds == pytest.approx(mel.seconds)
    others = {c.name: c for c in found.candidates if c.verdict == "ruled out"}
    assert all(c.evidence_against for c in others.values())


def test_logarithms_and_ranges_are_told_apart() -> None:
    def verdicts(name: str) -> dict[str, str]:
        return {c.name: c.verdict for c in examine(mel_of(name).values).candidates}

    assert verdicts("diffwave-22k")["diffwave-22k"] == "likely"
    assert verdicts("diffwave-22k")["hifigan-22k"] == "ruled out"
    assert verdicts("melgan-22k")["melgan-22k"] == "likely"
    assert verdicts("melgan-22k")["hifigan-22k"] == "ruled out"
    assert verdicts("tacotron2-22k")["tacotron2-22k"] == "likely"
    assert verdicts("tacotron2-22k")["melgan-22k"] == "ruled out"


def test_it_can_be_printed_and_sent(tmp_path: Path) -> None:
    mel = mel_of("melgan-22k")
    found = examine(mel.values)
    again = json.loads(json.dumps(found.to_dict()))
    assert again["facts"]["floor"] == pytest.approx(-5.0)
    assert again["candidates"][0]["name"] == "melgan-22k"
    text = "\n".join(found.lines())
    assert "melgan-22k" in text and "log10 mel" in text and f"{mel.frames} frames" in text
    mel.save(tmp_path / "mel.safetensors")
    assert "states       melgan-22k" in examine_file(tmp_path / "mel.safetensors").lines()


def test_unknown_band_counts_are_said_to_be_unknown() -> None:
    values = extract(babble(22_050), convention("hifigan-22k")).values[:73]
    found = examine(values)
    assert found.candidates == () and found.facts.n_mels == 73
    assert any("none that is known has 73 bands" in line for line in found.lines())
    assert "128 would be" in examine(np.pad(values, ((0, 7), (0, 128 - values.shape[1] % 128)))[:, :128]).axis_order


def test_what_is_no_mel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MelError, match="audio"):
        examine(np.zeros(100))
    with pytest.raises(MelError, match="no such file"):
        examine_file(tmp_path / "x.npy")


def test_pictures(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    mel = mel_of("hifigan-22k")
    plot_mel(mel, tmp_path / "mel.png", "a title")
    assert (tmp_path / "mel.png").read_bytes().startswith(b"\x89PNG")
    plot_mel(np.repeat(mel.values, 50, axis=1), tmp_path / "array.svg")
    assert "<svg" in (tmp_path / "array.svg").read_text()
    with pytest.raises(CallError, match="png"):
        plot_mel(mel, tmp_path / "mel.txt")
    with pytest.raises(MelError, match="drawn"):
        plot_mel(np.zeros(3), tmp_path / "mel.png")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["array.svg", "mel.png"]


def test_without_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(DependencyMissing, match=r"vocolab\[plot\]"):
        plot_mel(mel_of("hifigan-22k"), tmp_path / "mel.png")
