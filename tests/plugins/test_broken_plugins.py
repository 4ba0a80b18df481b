"""Thirty plugins, each wrong in one way: at import, at listing, at options, at run, at exit. Each costs itself only.

Each is installed into a folder of its own, as pip would leave it. What other commands print, and what they write, is
compared with what they do without it, byte by byte.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import vocolab

pytestmark = pytest.mark.slow

HEAD = """import numpy as np
from pydantic import Field
from vocolab import BlockEffect, EffectOptions, EffectSpec, PresetSource, VoiceSource, hookimpl
"""
EFFECT = """
class Bad(BlockEffect):
    latency_samples = 0
    def open(self, sample_rate, channels):
        return self
    def process(self, block):
        {process}
class BadOptions(EffectOptions):
    {options}
@hookimpl
def vocolab_effects():
    yield EffectSpec(name="bad", summary="Bad", target="bad_plugin:Bad", options=BadOptions)
"""


def effect(process: str = "return block", options: str = "pass") -> str:
    return HEAD + EFFECT.format(process=process, options=options)


def hook(body: str, name: str = "effects") -> str:
    return HEAD + f"@hookimpl\ndef vocolab_{name}():\n    {body}\n"


AT_IMPORT = {
    "raises": "1 / 0",
    "exits": "raise SystemExit(3)",
    "raises BaseException": "class Odd(BaseException): pass\nraise Odd('odd')",
    "needs a package": "import a_package_that_nobody_has",
    "is no Python": "def (:",
    "prints": "print('here I am')\n" + hook("return []"),
    "prints to stderr and warns": "import sys, warnings\nprint('here I am', file=sys.stderr)\nwarnings.warn('old')\n"
                                  + hook("return []"),
    "a thread of it raises": "import threading\nthreading.Thread(target=lambda: 1 / 0).start()\n" + hook("return []"),
    "hangs": "import time; time.sleep(100)",
    "has no hook": "x = 1",
    "a later interface": hook("return []") + "vocolab_interface = 99\n",
    "an unknown hook": hook("return []", "codecs"),
    "a wrapper": HEAD + "@hookimpl(wrapper=True)\ndef vocolab_effects():\n    return (yield)\n",
    "an error that can't be shown": "class Mute(Exception):\n    def __str__(self): 1 / 0\nraise Mute",
}
AT_LISTING = {
    "a hook raises": hook("raise KeyError('x')"),
    "a hook exits": hook("import sys; sys.exit(1)"),
    "a hook gives None": hook("return None"),
    "a hook gives text": hook("return 'effects'"),
    "a hook gives another spec": hook("return [PresetSource(folder=None)]"),
    "two of one name": hook("return [EffectSpec(name='a', summary='A', target='m:B')] * 2"),
    "a bad name": hook("return [EffectSpec(name='A!', summary='A', target='m:B')]"),
    "a summary of two lines": hook("return [EffectSpec(name='a', summary='A\\nB', target='m:B')]"),
    "options of no kind": hook("return [EffectSpec(name='a', summary='A', target='m:B', options=int)]"),
    "a folder that is not there": hook("from pathlib import Path; return [PresetSource(folder=Path('/nowhere'))]",
                                       "presets"),
    "a voice without a file": hook("from pathlib import Path; return [VoiceSource(name='v', model='vocos', "
                                   "summary='V', file=Path('/nowhere'), rank=10**6)]", "voices"),
}
AT_OPTIONS = {"a default that is not allowed": effect(options="gain: float = Field(5, le=1, description='x')")}
AT_RUN = {
    "one sample short": effect("return block[:, 1:]"),
    "int16": effect("return (block * 32767).astype(np.int16)"),
    "NaN": effect("return block * np.float32('nan')"),
    "writes into its input": effect("block *= 2; return block"),
    "exits": effect("import sys; sys.exit(4)"),
    "prints and raises": effect("print('here I am'); raise ZeroDivisionError('deep inside')"),
}
AT_EXIT = {
    "raises at exit": "import atexit\natexit.register(lambda: 1 / 0)\n" + effect(),
    "leaves at exit": "import atexit, sys\natexit.register(lambda: sys.exit(5))\n" + effect(),
}
PLUGINS = {
    f"{when}: {name}": code
    for when, group in (("import", AT_IMPORT), ("listing", AT_LISTING), ("options", AT_OPTIONS), ("run", AT_RUN),
                        ("exit", AT_EXIT))
    for name, code in group.items()
}
COMMANDS = (
    ("render", "mel.npy", "--vocoder", "griffinlim", "--mel-spec", "hifigan-22k", "-o", "a.wav", "--quiet"),
    ("master", "in.wav", "--preset", "voice-clean", "-o", "b.wav", "--quiet"),
    ("measure", "in.wav", "--json"),
    ("inspect", "mel.npy"),
    ("effects", "limiter"),
    ("presets", "podcast"),
)


class Place:
    """A folder with a mel and audio, and perhaps a plugin that Python finds."""

    def __init__(self, folder: Path, code: str = "") -> None:
        self.folder, self.site = folder / "work", folder / "site"
        self.folder.mkdir(parents=True)
        info = self.site / "vocolab_bad-0.3.0.dist-info"
        info.mkdir(parents=True)
        if code:
            (self.site / "bad_plugin.py").write_text(code)
            (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vocolab-bad\nVersion: 0.3.0\n")
            (info / "entry_points.txt").write_text("[vocolab]\nbad = bad_plugin\n")
        sound = np.random.default_rng(0).normal(0, 0.05, 11_025).astype(np.float32)
        audio = vocolab.Audio.mono(sound, 22_050)
        audio.save(self.folder / "in.wav", dither="none")
        np.save(self.folder / "mel.npy", vocolab.mel(audio, "hifigan-22k").values)

    def vocolab(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return self.python("-m", "vocolab", *arguments)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("VOCOLAB_")}
        path = os.pathsep.join([str(self.site), *filter(None, [os.environ.get("PYTHONPATH")])])
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, capture_output=True, check=False,
            env={**clean, "PYTHONPATH": path, "HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder)},
        )

    def outcome(self) -> list[bytes]:
        """What every other command prints, and the files that they write; one process runs all, to be quick."""
        code = f"from vocolab.cli.main import run\nfor one in {COMMANDS!r}: print(run(one), flush=True)"
        done = self.python("-c", code)
        files = [(self.folder / name).read_bytes() for name in ("a.wav", "b.wav")]
        return [str(done.returncode).encode(), done.stdout, done.stderr, *files]


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    return Place(tmp_path_factory.mktemp("without")).outcome()


def test_there_are_thirty() -> None:
    assert len(PLUGINS) >= 30


@pytest.mark.parametrize("name", PLUGINS)
def test_it_costs_itself_only(name: str, tmp_path: Path, without: list[bytes]) -> None:
    outcome = Place(tmp_path, PLUGINS[name]).outcome()
    assert outcome == without


@pytest.mark.parametrize("name", ["import: raises", "listing: a hook exits", "run: exits"])
def test_whoever_asks_all_plugins_is_told_in_a_line_and_no_answer_changes(name: str, tmp_path: Path) -> None:
    """`inspect` of a recording asks each plugin for detectors, and for effects that would help."""
    usual, beside = (Place(tmp_path / str(index), code).vocolab("inspect", "in.wav")
                     for index, code in enumerate(("", PLUGINS[name])))
    assert (usual.returncode, usual.stderr) == (0, b"")
    assert (beside.returncode, beside.stdout) == (0, usual.stdout)
    lines = beside.stderr.decode().splitlines()
    assert len(lines) <= 1 and all("vocolab-bad" in line for line in lines)


@pytest.mark.parametrize("name", [name for name in PLUGINS if name.startswith("run:")])
def test_in_use_its_failure_has_an_address(name: str, tmp_path: Path) -> None:
    place = Place(tmp_path, PLUGINS[name])
    (place.folder / "p.toml").write_text('format = 1\nsummary = "x"\n[[effects]]\nuse = "bad"\n')
    done = place.vocolab("master", "in.wav", "--preset", "p.toml", "-o", "x.wav", "--json", "--debug")
    assert done.returncode == 1 and b"in.wav: vocolab-bad 0.3.0: bad: " in done.stderr, done.stderr
    assert b"here I am" not in done.stdout and not (place.folder / "x.wav").exists()
    if "raises" in name:
        assert b"bad_plugin.py" in done.stderr  # with --debug the plugin's own line


def test_what_it_prints_is_told_where_plugins_are_listed(tmp_path: Path) -> None:
    listed = Place(tmp_path, AT_IMPORT["prints"]).vocolab("plugins")
    assert b"prints while it is imported: 'here I am'" in b" ".join(listed.stdout.split()) and listed.stderr == b""


def test_what_fails_at_exit_has_an_address_where_the_plugin_was_used(tmp_path: Path) -> None:
    place = Place(tmp_path, AT_EXIT["raises at exit"])
    (place.folder / "p.toml").write_text('format = 1\nsummary = "x"\n[[effects]]\nuse = "bad"\n')
    call = ("master", "in.wav", "--preset", "p.toml", "-o", "x.wav", "--quiet")
    done = place.vocolab(*call)
    assert done.returncode == 0
    assert done.stderr == b"vocolab: after its work failed vocolab-bad 0.3.0: ZeroDivisionError: division by zero\n"
    assert b"bad_plugin.py" in place.vocolab(*call, "--debug").stderr
