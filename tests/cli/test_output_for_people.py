"""What people see: presets explained, colours, one bar, completion, a report; and failures for programs."""

from __future__ import annotations

import io
import json
import re
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from click.shell_completion import ShellComplete
from speechlike import speechlike

from vocolab.audio import Audio
from vocolab.cli import colour
from vocolab.cli.main import vocolab as command
from vocolab.cli.progress import Progress
from vocolab.cli.session import Session
from vocolab.toml import loads


@pytest.mark.parametrize("columns", [80, 110])
def test_a_preset_fits_the_terminal_and_speaks_toml(cli, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    for name in ("podcast", "studio", "audiobook"):
        lines = cli("presets", name).out.splitlines()
        assert max(map(len, lines)) <= columns
        assert not re.search(r"= (None|True|False)|'kind'", "\n".join(lines))


def test_a_preset_can_be_copied(cli, tmp_path):
    result = cli("presets", "podcast", "--toml")
    assert loads(result.out)["summary"].startswith("Podcasts")
    (tmp_path / "mine.toml").write_text(result.out)
    assert cli("check", "mine.toml").code == 0
    assert cli("presets", "--toml").code == 2


@pytest.mark.parametrize("command", [("master", "--preset", "none"), ("measure",)], ids=lambda command: command[0])
def test_json_lists_failures(cli, tmp_path, command):
    speechlike(0.5, 22_050).save(tmp_path / "a.wav")
    (tmp_path / "b.wav").write_text("text")
    result = cli(*command, "a.wav", "b.wav", "--json")
    assert result.code == 1
    good, bad = result.json
    assert good["file"] == "a.wav" and "error" not in good
    assert bad["file"] == "b.wav" and bad["error"].startswith("b.wav: not an audio file")
    alone = cli(*command, "b.wav", "--json")
    assert alone.code == 1
    assert alone.json == [bad]
    assert alone.error == bad["error"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "is_terminal", "wanted"),
    [({}, True, True), ({}, False, False), ({"NO_COLOR": "1"}, True, False), ({"NO_COLOR": ""}, True, True),
     ({"TERM": "dumb"}, True, False)],
)
def test_colours_are_for_terminals_that_want_them(monkeypatch, variables, is_terminal, wanted):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    stderr = Terminal() if is_terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    Session().say("  true peak  -1.0 dBTP  pass\nx \x1b[31m  MISSED  out.wav")
    assert ("\x1b[32mpass\x1b[0m" in stderr.getvalue()) is wanted
    assert ("\x1b[31mMISSED\x1b[0m" in stderr.getvalue()) is wanted
    assert re.sub("\x1b\\[[0-9]+m", "", stderr.getvalue()) == "  true peak  -1.0 dBTP  pass\nx ?[31m  MISSED  out.wav\n"


def test_only_words_of_its_own_are_coloured():
    for text in ("pass.wav: bypass", "FAILED.wav -> MISSED.wav: 1 s"):
        assert colour.coloured(text) == text


def test_one_bar_goes_on_where_another_left():
    first, second = Progress(2, quiet=True, part=(0.0, 0.2)), Progress(1, quiet=True, part=(0.2, 1.0))
    first.reach(0, 1.0)
    assert first._share == pytest.approx(0.1)
    first.reach(1, 1.0)
    assert first._share == second._share == pytest.approx(0.2)
    second.reach(0, 1.0)
    assert second._share == 1.0


@pytest.mark.parametrize(
    ("words", "start", "names"),
    [
        ("master a.wav --preset", "pod", {"podcast", "podcast-mono"}),
        ("render a.npy --preset", "tele", {"telephone"}),
        ("render a.npy --vocoder", "grif", {"griffinlim"}),
        ("render a.npy --voice", "harmonic", {"harmonic-22k", "harmonic-48k"}),
        ("measure a.wav --preset", "broadcast-", {"broadcast-us"}),
        ("presets", "stud", {"studio"}),
        ("effects", "lim", {"limiter"}),
        ("vocoders", "voc", {"vocos"}),
        ("voices show", "vocos-2", {"vocos-22k"}),
        ("", "mast", {"master"}),
    ],
)
def test_shells_complete_names(words, start, names):
    completions = ShellComplete(command, {}, "vocolab", "_VOCOLAB_COMPLETE").get_completions(words.split(), start)
    assert {one.value.rpartition("/")[2] for one in completions} == names


def test_the_script_for_a_shell_is_there(cli, monkeypatch, capsys):
    monkeypatch.setenv("_VOCOLAB_COMPLETE", "zsh_source")
    with pytest.raises(SystemExit):
        cli()
    assert "#compdef vocolab" in capsys.readouterr().out


class _Page(HTMLParser):
    """Elements that have to be closed, and whether they are."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_data(self, data):
        self.text.append(data)


def test_a_report_has_a_legend_and_shows_failures(cli, tmp_path):
    speechlike(2.0, 22_050).save(tmp_path / "good.wav")
    Audio(np.zeros((1, 22_050), np.float32), 22_050).save(tmp_path / "silence.wav")
    (tmp_path / "<b>.wav").write_text("text")
    result = cli("master", "good.wav", "silence.wav", "<b>.wav", "--preset", "broadcast", "--report", "r.html")
    assert result.code == 1
    source = (tmp_path / "r.html").read_text()
    page = _Page()
    page.feed(source.partition("<body>")[2].partition("</body>")[0])
    assert page.open == []
    text = " ".join(page.text)
    assert "1 file failed" in text and "<b>.wav" in text and "not an audio file" in text
    assert text.count("FAILED") == 1
    assert "short-term loudness, 3 s" in text and "target of the whole file" in text
    assert "no loudness" in text
    for query in ("@media print", "@media (max-width: 40rem)", 'name="viewport"'):
        assert query in source
    assert "http" not in source.partition("<body>")[2], "it needs no other file"


def test_without_curves_there_is_no_legend(cli, tmp_path):
    (tmp_path / "b.wav").write_text("text")
    (tmp_path / "c.wav").write_text("text")
    cli("master", "b.wav", "c.wav", "--preset", "broadcast", "--report", "r.html")
    source = (tmp_path / "r.html").read_text()
    assert "2 files failed" in source and 'class="legend"' not in source
    cli("master", "b.wav", "c.wav", "--preset", "broadcast", "--report", "r.json")
    assert len(json.loads((tmp_path / "r.json").read_text())["failed"]) == 2


def test_a_reading_between_two_bounds_is_said_once_and_by_the_worse():
    from vocolab.cli.report_page import _judged
    from vocolab.delivery.target import Target, check
    from vocolab.loudness import Loudness

    target = Target(rms_min_dbfs=-23.0, rms_max_dbfs=-18.0)
    said = _judged(check(target, Loudness(-30.0, -3.0, -3.1, rms_dbfs=-40.0)))
    assert said.count("RMS") == 1
    assert '<span class="bad">RMS -40.00 dBFS</span>' in said


def test_figures_in_the_report_stay_in_one_line_and_no_mark_stands_over_the_edge():
    """As a browser showed it: with a long name in the table, "-19.50" was broken, and "14 s" was cut off."""
    from vocolab.cli.report_page import _STYLE, _time_axis

    assert "white-space: nowrap" in _STYLE.split("td.name")[0]
    assert 'text-anchor="end">14 s' in _time_axis(14.06)
    assert 'text-anchor="middle">14 s' in _time_axis(15.9)
