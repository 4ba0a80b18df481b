"""`vocolab conventions`, and files of conventions wherever a name is taken."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.mels.conventions import convention, every_convention
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec

HIFIGAN = convention("hifigan-22k")


def test_the_list_has_all_of_them(cli):
    out = cli("conventions").out
    assert all(known.name in out for known in every_convention())
    listed = json.loads(cli("conventions", "--json").out)
    assert [one["name"] for one in listed] == [known.name for known in every_convention()]
    assert listed[0]["dist"] == "vocolab" and listed[0]["mel_spec"]["sample_rate"] == 22_050
    assert {one["name"] for one in listed if not one["complete"]} == {"espnet-22k", "espnet-24k"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("whisper-16k", ["0.25 * log10(max(x, 1e-10)) + 1; raised to 80 dB under the loudest", "N // hop frames"]),
        ("torchaudio-16k", ["values       x\n", "power of 2", "htk scale"]),
        ("espnet-22k", ["(value - mean) / scale in every band", "--statistics FILE"]),
        ("diffwave-22k", ["limited to 0 ... 1", "root of the window's energy"]),
        ("speechbrain-22k", ["same as", "tacotron2-22k"]), ("vocolab/pwg-22k", ["80 of 80 to 7600 Hz"]),
    ],
)
def test_one_is_described_field_by_field(cli, name, said):
    result = cli("conventions", name)
    assert result.code == 0
    for text in said:
        assert text in result.out


def test_toml_is_what_mel_spec_takes(cli, tmp_path):
    for known in every_convention():
        if not known.needs_statistics:
            assert MelSpec.from_toml(cli("conventions", known.name, "--toml").out) == known.spec
    (tmp_path / "mine.toml").write_text(cli("conventions", "hifigan-22k", "--toml").out)
    assert "80 of 0 to 8000 Hz" in cli("conventions", "mine.toml").out
    assert json.loads(cli("conventions", "mine.toml", "--json").out)["name"] == "mine"


def test_statistics_complete_a_convention(cli, tmp_path):
    np.savez(tmp_path / "stats.npz", count=4, sum=np.full(80, -8.0), sum_square=np.full(80, 20.0))
    result = cli("conventions", "espnet-22k", "--statistics", "stats.npz", "--toml")
    assert MelSpec.from_toml(result.out).mean == (-2.0,) * 80
    assert "mean         -2" in cli("conventions", "espnet-22k", "--statistics", "stats.npz").out
    assert json.loads(cli("conventions", "espnet-22k", "--statistics", "stats.npz", "--json").out)["complete"] is True


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["nope"], "there is no mel convention named 'nope'"), (["hifigan-22"], "Did you mean 'hifigan-22k'"),
        (["none.toml"], "none.toml: there is no such file"), (["--toml"], "name it"),
        (["espnet-22k", "--toml"], "give them with --statistics"),
        (["pwg-22k", "--statistics", "none.npz"], "none.npz: there is no such file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_is_wrong_is_said(cli, call, said):
    result = cli("conventions", *call)
    assert result.code in (1, 2) and said in result.err and result.out == ""


def test_a_broken_file_of_a_plugin_costs_its_own_line(cli, tmp_path, monkeypatch):
    from plugin_fakes import entry_point, module, publish

    from vocolab.plugins.specs import MelConventionSource

    folder = tmp_path / "conventions"
    folder.mkdir()
    (folder / "bad.toml").write_text("[mel_spec]\nn_ftt = 1\n")
    made = module("conv_guest", vocolab_mel_conventions=lambda: [MelConventionSource(folder=folder)])
    publish(monkeypatch, made)
    import vocolab.plugins.host as host

    real = host.entry_points
    monkeypatch.setattr(host, "entry_points", lambda **kw: [*real(**kw), entry_point("own", "conv_guest", "acme")])
    result = cli("conventions")
    assert result.code == 0 and "hifigan-22k" in result.out
    assert "can't be used" in result.out and "a mel convention has no n_ftt" in " ".join(result.out.split())


def test_a_file_is_taken_wherever_a_name_is(cli, tmp_path):
    """A convention of one's own from audio to mel to audio, and a mistaken one is refused by file and line."""
    own = replace(HIFIGAN, log_base="10", mean=-2.0, scale=3.0)
    (tmp_path / "own.toml").write_text(own.to_toml())
    random = np.random.default_rng(0)
    Audio.mono(random.normal(0, 0.1, 8000).astype(np.float32), 22_050).save(tmp_path / "a.wav")
    assert cli("mel", "a.wav", "--mel-spec", "own.toml").code == 0
    mel = Mel.load(tmp_path / "a.safetensors", tmp_path / "own.toml")
    assert mel.spec == own
    np.save(tmp_path / "bare.npy", mel.values)
    result = cli("render", "bare.npy", "--mel-spec", "own.toml", "--voice", "vocos-22k", "--refine", "0")
    assert result.code == 0 and "converted from" in result.err
    assert Audio.load(tmp_path / "bare.wav").n_samples == mel.frames * 256
    (tmp_path / "bad.toml").write_text(own.to_toml().replace("hop_samples", "hop_size"))
    for call in (("mel", "a.wav"), ("render", "bare.npy"), ("convert", "bare.npy", "-o", "v.safetensors"),
                 ("data", "prepare", ".", "-o", "out"), ("train", "vocos", "vocos-22k", "--data", ".")):
        result = cli(*call, "--mel-spec", "bad.toml")
        assert result.code == 2 and "bad.toml" in result.err and "no hop_size" in result.err, call


def test_python_takes_files_too(tmp_path):
    import vocolab

    (tmp_path / "own.toml").write_text(HIFIGAN.to_toml())
    values = np.random.default_rng(0).uniform(-9, -1, (80, 8)).astype(np.float32)
    audio = vocolab.render(values, "griffinlim", mel_spec=tmp_path / "own.toml")
    assert audio.n_samples == 8 * 256
    assert vocolab.vocoder("griffinlim", mel_spec=str(tmp_path / "own.toml")).mel_spec == HIFIGAN
    assert vocolab.mel(audio, tmp_path / "own.toml").spec == HIFIGAN
