"""What would help: only what is installed, and a call that can be made."""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from heard import catalog
from plugin_fakes import effect, module

from vocolab.catalog import Catalog
from vocolab.chain.presets import check_preset
from vocolab.diagnosis.advice import Advice, advise
from vocolab.findings import Finding, Remedy
from vocolab.plugins.host import PluginHost
from vocolab.plugins.specs import PresetSource


def fault(name: str, *remedies: Remedy, is_fault: bool = True) -> Finding:
    return Finding(fault=name, is_fault=is_fault, sentence=name, remedies=remedies)


def advised(*remedies: Remedy) -> Advice:
    return advise([fault("x", *remedies)], catalog())


def test_a_repairing_preset_is_named() -> None:
    found = advised(Remedy("de-hum"), Remedy("de-click"))
    assert [one.effect for one in found.effects] == ["de-hum", "de-click"]
    assert found.command("my take.wav") == "vocolab master 'my take.wav' --preset restore-speech"
    assert found.in_no_preset == ()


def test_settings_that_the_preset_does_not_have_are_set() -> None:
    has = {step.effect: step.options for step in check_preset("restore-speech", catalog()).steps}["noise-reduction"]
    noise = Remedy("noise-reduction", {"reduction_db": 20.0, "idle_snr_db": has.model_dump()["idle_snr_db"]})
    found = advised(noise, Remedy("de-hum", {"mains": "50"}))
    assert set(found.settings) == {"noise-reduction.reduction_db=20.0", 'de-hum.mains="50"'}
    words = shlex.split(found.command("a.wav"))
    texts = [after for word, after in pairwise(words) if word == "--set"]
    steps = {step.effect: step.options for step in check_preset("restore-speech", catalog(), texts).steps}
    assert steps["noise-reduction"].model_dump()["reduction_db"] == 20.0
    assert steps["de-hum"].model_dump()["mains"] == "50"


def test_presets_are_joined_where_one_is_not_enough() -> None:
    found = advised(Remedy("de-hum"), Remedy("dc-removal"), Remedy("leveler"))
    assert found.presets == ("restore-speech", "voice-clean")
    assert check_preset(("restore-speech", "voice-clean"), catalog()).steps


def test_what_no_preset_has_is_told() -> None:
    assert advised(Remedy("pad")).in_no_preset == ("pad",) or advised(Remedy("pad")).presets


def test_what_is_not_installed_or_takes_no_such_setting_is_left_out() -> None:
    assert advised(Remedy("tape"), Remedy("de-hum", {"mains": "55"})) == Advice()


def test_what_is_in_order_needs_no_help() -> None:
    assert advise([fault("hum", Remedy("de-hum"), is_fault=False)], catalog()) == Advice()


def test_an_effect_is_named_once_with_the_settings_of_the_first() -> None:
    findings = [fault("hum", Remedy("de-hum", {"mains": "50"})), fault("buzz", Remedy("de-hum", {"mains": "60"}))]
    (one,) = advise(findings, catalog()).effects
    assert one.settings == {"mains": "50"} and one.against == ("hum", "buzz")


@pytest.mark.parametrize("settings", [{}, {"gain_db": 3.0}])
def test_presets_of_other_packages_and_broken_ones(settings: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('format = 1\nsummary = "Mine"\n[[effects]]\nuse = "tape"\ngain_db = 1.0\n')
    (tmp_path / "broken.toml").write_text("format = 1\n")
    host = PluginHost([])
    host.register(module("m", vocolab_effects=lambda: [effect("tape")],
                         vocolab_presets=lambda: [PresetSource(folder=tmp_path)]), "m", dist="vocolab-m")
    found = advise([fault("dull", Remedy("tape", settings))], Catalog(host))
    assert found.presets == ("mine",)
    assert found.settings == (("tape.gain_db=3.0",) if settings else ())
