"""Several settings behind one --set."""

from __future__ import annotations

from pathlib import Path

import pytest

from vocolab.cli.settings import one_each


@pytest.mark.parametrize(("given", "meant"), [
    ("--set a.b=1 c.d=2 mel.npy", "--set a.b=1 --set c.d=2 mel.npy"),
    ("mel.npy --set a.b=1 c.d=2 e-f.g_h=x -o out.wav", "mel.npy --set a.b=1 --set c.d=2 --set e-f.g_h=x -o out.wav"),
    ("--set a.b=1 --set c.d=2 e.f=3", "--set a.b=1 --set c.d=2 --set e.f=3"),
    ("a.b=1 --set c.d=2", "a.b=1 --set c.d=2"),
    ("--set a.b=1 mel.npy c.d=2", "--set a.b=1 mel.npy c.d=2"),
    ("--set --set", "--set --set"),
    ("--set", "--set"),
])
def test_settings_up_to_the_next_option_or_file_belong_to_set(given: str, meant: str) -> None:
    assert list(one_each(given.split())) == meant.split()


def test_a_file_of_that_name_stays_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("take.one=2").write_text("")
    assert list(one_each(["--set", "a.b=1", "take.one=2"])) == ["--set", "a.b=1", "take.one=2"]


def test_render_takes_them(cli, mel_file) -> None:
    settings = ["--set", "vocoder.iterations=1", "vocoder.momentum=0.5"]
    result = cli("render", mel_file.name, "--vocoder", "griffinlim", *settings, "-o", "a.wav")
    assert result.code == 0, result.err
