"""The user's configuration: where it is, what it may say, what becomes of a file that says something else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import vocolab
from vocolab.catalog import Catalog
from vocolab.catalog.presets import user_folder
from vocolab.configuration import cache_folder, config, configuration_file
from vocolab.errors import CallError, UnknownName

WHOLE = """
[defaults]
voice = "hifigan-22k"
preset = "podcast"
device = "cpu"

[plugins]
off = ["vocolab:waveglow", "absent"]

[paths]
vst3 = ["/nowhere/vst3"]
"""


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("VOCOLAB_CONFIG", "VOCOLAB_CACHE", "VOCOLAB_PRESETS", "VOCOLAB_PLUGINS", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def write(folder: Path, text: str) -> Path:
    file = folder / "vocolab" / "config.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_where_things_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert configuration_file() == tmp_path / "vocolab" / "config.toml"
    assert cache_folder() == tmp_path / "home" / ".cache" / "vocolab"
    assert user_folder() == tmp_path / "vocolab" / "presets"
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/cache/me")
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")  # the specification ignores it
    assert cache_folder() == Path("/var/cache/me/vocolab")
    assert configuration_file() == tmp_path / "home" / ".config" / "vocolab" / "config.toml"
    monkeypatch.setenv("VOCOLAB_CACHE", "~/c")
    monkeypatch.setenv("VOCOLAB_CONFIG", "/etc/v.toml")
    assert cache_folder() == tmp_path / "home" / "c" and configuration_file() == Path("/etc/v.toml")


def test_no_file_is_no_configuration() -> None:
    known = vocolab.config()
    assert not known.exists and known.voice is known.preset is known.device is None
    assert known.plugins_off == frozenset() and known.origin("defaults.voice") == "built in"


def test_a_file_that_is_named_has_to_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOCOLAB_CONFIG", str(tmp_path / "mine.toml"))
    with pytest.raises(CallError, match=r"mine.toml: VOCOLAB_CONFIG names this file, and there is no such file"):
        config()


def test_a_whole_file(tmp_path: Path) -> None:
    file = write(tmp_path, WHOLE)
    known = config()
    assert (known.voice, known.preset, known.device) == ("hifigan-22k", "podcast", "cpu")
    assert known.vst3_folders == (Path("/nowhere/vst3"),)
    assert known.origin("defaults.preset") == f"{file}:4"
    write(tmp_path, "[defaults]\ndevice = 'cuda:1'\n")  # a change is seen
    assert config().device == "cuda:1" and config().voice is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 1", r"config.toml:1: colour: unknown; a configuration has \[defaults\], \[plugins\], \[paths\]"),
        ("[defaults]\n\nvoise = 'x'", r"config.toml:3: defaults.voise: unknown; allowed in \[defaults\]: voice"),
        ("defaults = 1", r":1: defaults: has to be a table"),
        ("[defaults]\nvoice = 1", ":2: defaults.voice = 1: has to be a name or a path"),
        ("[defaults]\nvoice = ''", "has to be a name or a path"),
        ("[defaults]\nvoice = 'mine.safetensors'", "a path has to be absolute"),
        ("[defaults]\npreset = './mine.toml'", "a path has to be absolute"),
        ("[defaults]\ndevice = 'gpu'", ":2: defaults.device = 'gpu': allowed are cpu, cuda, mps, auto, and cuda:N"),
        ("[plugins]\noff = 'x'", "has to be a list of names"), ("[plugins]\noff = [1]", "has to be a list of names"),
        ("[plugins]\noff = ['vocolab']", "name one, as in vocolab:waveglow"),
        ("[paths]\nvst3 = ['vst3']", "'vst3': folders have to be absolute"),
        ("[defaults", ":1: TOML syntax"),
    ],
)
def test_what_it_may_not_say_is_told_by_file_line_and_key(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, text)
    with pytest.raises(CallError, match=said):
        config()


def test_all_problems_at_once(tmp_path: Path) -> None:
    write(tmp_path, "[defaults]\nvoice = 1\ndevice = 'x'\n[other]\n")
    with pytest.raises(CallError) as caught:
        config()
    assert all(text in str(caught.value) for text in (":2: ", ":3: ", ":4: "))


def test_plugins_that_are_switched_off_do_not_load(tmp_path: Path) -> None:
    write(tmp_path, WHOLE)
    catalog = Catalog.installed()
    assert "waveglow" not in catalog.vocoders.names() and "hifigan" in catalog.vocoders.names()
    assert {record.name for record in catalog.host.records if record.status == "disabled"} == {"waveglow"}
    with pytest.raises(UnknownName, match="switched off may have it"):
        catalog.vocoders.get("waveglow")
    assert "waveglow" in Catalog.installed(no_plugins=True).vocoders.names()  # leaves the configuration aside


def test_python_takes_no_defaults_unasked(tmp_path: Path) -> None:
    write(tmp_path, "[defaults]\nvoice = 'hifigan-22k'\n")
    assert vocolab.vocoder().voice_name == "vocolab/harmonic-22k"
    assert vocolab.vocoder(voice=vocolab.config().voice).voice_name == "hifigan-22k"


def test_a_broken_file_stops_no_import_and_no_help(tmp_path: Path) -> None:
    write(tmp_path, "[defaults\n")
    for arguments in (["-c", "import vocolab; vocolab.MelSpec"], ["-m", "vocolab", "--help"],
                      ["-m", "vocolab", "render", "--help"], ["-m", "vocolab", "config", "--path"]):
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_config_shows_what_is_in_force_and_from_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from vocolab.cli.main import run

    file = write(tmp_path, WHOLE)
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("VOCOLAB_CACHE", "/c")
    assert run(["config"]) == 0
    shown = capsys.readouterr()
    assert re.search(r"defaults\.preset\s+podcast", shown.out) and f"{file}:4" in shown.out
    assert "note: plugins.off names absent, and no such plugin is installed" in shown.err
    assert "there is no such folder" in shown.err
    assert run(["config", "--json"]) == 0
    rows = {row["key"]: row for row in json.loads(capsys.readouterr().out)["settings"]}
    assert rows["defaults.voice"] == {"key": "defaults.voice", "value": "hifigan-22k", "from": f"{file}:3"}
    assert rows["cache"] == {"key": "cache", "value": "/c", "from": "VOCOLAB_CACHE"}
    assert run(["config", "--path"]) == 0
    assert capsys.readouterr().out.strip() == str(file)
    write(tmp_path, "[defaults]\nvoise = 1\n")
    assert run(["config"]) == 2
    assert "config.toml:2: defaults.voise: unknown" in capsys.readouterr().err


def test_the_command_line_takes_the_defaults_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import numpy as np

    from vocolab.cli.main import run

    monkeypatch.chdir(tmp_path)
    file = write(tmp_path, "[defaults]\nvoice = 'hifigan-22k'\npreset = 'podcast-mono'\ndevice = 'auto'\n")
    random = np.random.default_rng(0)
    vocolab.Mel(random.uniform(-9, -1, (80, 90)).astype(np.float32), vocolab.convention("hifigan-22k")).save("a.npz")
    run(["render", "a.npz", "-o", "a.wav", "--allow-miss"])
    said = capsys.readouterr().err
    assert f"voice: hifigan-22k, as {file}:2 says" in said and f"preset: podcast-mono, as {file}:3 says" in said
    assert f"device: auto, as {file}:4 says" in said
    stated = ["--preset", "none", "--vocoder", "griffinlim", "--device", "cpu"]
    assert run(["render", "a.npz", "-o", "b.wav", *stated]) == 0
    assert "config.toml" not in capsys.readouterr().err
