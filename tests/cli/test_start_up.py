"""How light the command line is, and what becomes of errors and signals."""

import os
import resource
import subprocess
import sys

import pytest

from vocolab.cli.main import COMMANDS, run, vocolab

HEAVY = ("torch", "scipy", "soundfile", "pedalboard", "librosa", "matplotlib", "soxr")
CPU_SECONDS = 0.6
"""Four times what `vocolab --help` needs on a slow machine; torch alone costs more than this."""


def probe(*arguments):
    """The modules that a call has imported when it ends."""
    code = (
        "import sys; from vocolab.cli.main import run; code = run(sys.argv[1:]); "
        "print('\\n'.join(sys.modules), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["render", "--help"], ["plugins"], ["effects"], ["effects", "limiter"], ["vocoders"],
     ["vocoders", "vocos"], ["vocoders", "--json"],
     ["voices"], ["presets"], ["recipes"], ["recipes", "vocos-22k"], ["check", "none"],
     ["conventions"], ["conventions", "whisper-16k"], ["config"], ["voices", "list"], ["plugins", "list"]],
    ids=" ".join,
)
def test_nothing_heavy_is_imported(arguments):
    imported = probe(*arguments)
    assert "click" in imported
    assert not imported & set(HEAVY)


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "train"])
def test_help_of_every_command_imports_nothing_heavy(command):
    assert not probe(command, "--help") & set(HEAVY)


def test_help_is_quick():
    """In CPU seconds of the process, best of three, so that a busy machine does not matter."""
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "vocolab", "--help"], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < CPU_SECONDS


def test_help_lists_every_command(cli):
    result = cli("--help")
    assert result.code == 0
    for name, lazy in COMMANDS.items():
        assert f"{name} " in result.out
        assert lazy.summary in result.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_under_its_name(name):
    import click

    context = click.Context(vocolab)
    command = vocolab.get_command(context, name)
    assert isinstance(command, click.Command)
    assert command.get_short_help_str(200) == COMMANDS[name].summary


def test_help_lists_the_commands_of_built_in_plugins_and_imports_none_of_them(cli):
    assert "serve " in cli("--help").out
    assert not any(name.startswith("vocolab_") for name in probe("--help"))


def test_version(cli):
    from importlib.metadata import version

    assert cli("--version").out.startswith(f"vocolab {version('vocolab')}\n")


def test_version_lists_packages_with_plugins(cli, monkeypatch, tmp_path):
    folder = tmp_path / "site" / "vocolab_buzz-0.3.1.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: vocolab-buzz\nVersion: 0.3.1\n")
    (folder / "entry_points.txt").write_text("[vocolab]\nbuzz = vocolab_buzz.plugin\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert "  plugins of vocolab-buzz 0.3.1\n" in cli("--version").out


@pytest.mark.parametrize("group", [[], ["data"], ["bench"]], ids=" ".join)
def test_a_group_alone_shows_its_help(cli, group):
    alone = cli(*group)
    assert alone.code == 2
    assert alone.out == ""
    help_text = cli(*group, "--help").out
    tried = "\n  Try: vocolab text 'On 3 May 2024 Dr. Smith paid $12.50.'\n"
    assert alone.err == (help_text if group else help_text + tried)
    assert "vocolab: error" not in alone.err


def test_as_a_module(cli):
    done = subprocess.run([sys.executable, "-m", "vocolab", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout == cli("--help").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["redner"], "there is no command named 'redner'. Did you mean 'render'? (see 'vocolab --help')"),
        (["render"], "Missing argument 'MEL...' (see 'vocolab render --help')"),
        (["render", "a.npy", "--vocder", "x"], "No such option '--vocder'"),
        (["render", "a.npy", "--bit-depth", "20"], "'20' is not one of '16', '24', '32'"),
        (["render", "a.npy", "--sample-rate", "100"], "100 is not in the range"),
        (["render", "a.npy", "--jobs", "0"], "0 is not in the range"),
        (["render", "a.npy", "--threads", "0"], "0 threads: at least 1"),
        (["master", "a.wav"], "Missing option '--preset'"),
    ],
)
def test_wrong_calls(cli, arguments, said):
    result = cli(*arguments)
    assert result.code == 2
    assert said in result.error


def fail_with(monkeypatch, error):
    import vocolab.chain.presets

    def fail(*_arguments, **_options):
        raise error

    monkeypatch.setattr(vocolab.chain.presets, "check_preset", fail)


def test_unexpected_error_is_one_line_that_names_debug(cli, monkeypatch):
    fail_with(monkeypatch, ZeroDivisionError("division\nby zero"))
    result = cli("check", "none")
    assert result.code == 1
    assert result.error.startswith("ZeroDivisionError: division by zero (this is a bug")
    assert "--debug" in result.error


@pytest.mark.parametrize("arguments", [["--debug", "check", "none"], ["check", "none", "--debug"]])
def test_debug_shows_the_traceback(cli, monkeypatch, arguments):
    fail_with(monkeypatch, ZeroDivisionError("division by zero"))
    result = cli(*arguments)
    assert result.code == 1
    assert "Traceback" in result.err
    assert "in fail" in result.err


def test_interrupt(cli, monkeypatch):
    fail_with(monkeypatch, KeyboardInterrupt())
    result = cli("check", "none")
    assert result.code == 130
    assert result.err.strip() == "vocolab: interrupted"


def test_preset_error_prints_all_its_lines(cli, monkeypatch):
    from vocolab.errors import PresetError

    fail_with(monkeypatch, PresetError(["a.toml:1: first", "a.toml:2: second"]))
    result = cli("check", "none")
    assert result.code == 2
    assert result.err.splitlines() == ["vocolab: error: a.toml:1: first", "vocolab: error: a.toml:2: second"]


def test_reader_that_goes_away():
    """`vocolab effects --json | head -1` is no error worth a word."""
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "vocolab", "effects", "--json"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert done.returncode == 1
    assert done.stderr == ""


def test_run_gives_the_code_and_does_not_end_the_process():
    assert run(["--version"]) == 0


def test_garbage_is_collected_again_after_imports():
    import gc

    from vocolab.cli.uncollected import uncollected

    with pytest.raises(ValueError, match="broken"), uncollected():
        assert not gc.isenabled()
        raise ValueError("broken")
    assert gc.isenabled()
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_rendering_loads_no_effects_and_of_scipy_nothing(tmp_path):
    import numpy as np

    from vocolab.mels.conventions import convention
    from vocolab.mels.plausible import plausible_mel

    np.save(tmp_path / "mel.npy", plausible_mel(convention("hifigan-22k"), 20, np.random.default_rng(0)))
    loaded = probe("--quiet", "render", str(tmp_path / "mel.npy"), "-o", str(tmp_path / "out.wav"))
    assert not {"scipy.fft", "vocolab_mastering.options", "vocolab_restoration.options"} & set(loaded)
