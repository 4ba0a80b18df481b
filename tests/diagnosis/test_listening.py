"""Detectors hear a recording once, all together; one that fails costs only itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from plugin_fakes import module

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.diagnosis import Listening, diagnose
from vocolab.errors import PluginError
from vocolab.findings import Finding, Mark, Remedy
from vocolab.options import Options
from vocolab.plugins.host import PluginHost
from vocolab.plugins.specs import DetectorSpec

SECOND = Audio.mono(np.full(8_000, 0.25, np.float32), 8_000)


class Counter:
    """A detector for tests: how many samples there are."""

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        self.n_samples, self.writes = 0, False

    def accept(self, block: Any) -> None:
        self.n_samples += block.shape[1]
        assert not block.flags.writeable

    def findings(self) -> list[Finding]:
        return [Finding(fault="count", is_fault=True, sentence="samples", figures={"n_samples": self.n_samples},
                        remedies=(Remedy("gain", {"gain_db": 1.0}), Remedy("tape")))]


class Late(Counter):
    def findings(self) -> list[Finding]:
        raise KeyError("late")


class Early(Counter):
    def accept(self, block: Any) -> None:
        raise ZeroDivisionError


class Unbuilt(Counter):
    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        raise RuntimeError("no")


class Wordy(Counter):
    def findings(self) -> Any:
        return ["hum"]


def catalog(*names: str) -> Catalog:
    host = PluginHost([])
    specs = [DetectorSpec(name=name.lower(), summary=name, target=f"test_listening:{name}") for name in names]
    host.register(module("m", vocolab_detectors=lambda: specs), "m", dist="vocolab-m", version="1.2")
    return Catalog(host)


def test_all_hear_every_sample_once() -> None:
    found = diagnose(SECOND, catalog("Counter"))
    assert [one.figures for one in found.findings] == [{"n_samples": 8_000}]
    assert found.notes == ()


def test_whoever_walks_through_it_hears_what_is_there() -> None:
    listening = Listening(SECOND, catalog("Counter"))
    assert sum(block.shape[1] for block in listening.blocks(1_000)) == 8_000
    assert listening.diagnosis().findings[0].figures == {"n_samples": 8_000}


def test_what_fails_costs_only_itself() -> None:
    found = diagnose(SECOND, catalog("Counter", "Early", "Late", "Unbuilt", "Wordy"))
    assert [one.fault for one in found.findings] == ["count"]
    assert len(found.notes) == 4
    assert all("vocolab-m 1.2" in note for note in found.notes), found.notes


def test_a_detector_lacks_a_method() -> None:
    host = PluginHost([])
    spec = DetectorSpec(name="mute", summary="Mute", target="plugin_fakes:Gain")
    host.register(module("m", vocolab_detectors=lambda: [spec]), "m")
    with pytest.raises(PluginError, match="has no method 'accept'"):
        Catalog(host).detectors.create("mute", 8_000, 1)


@pytest.mark.parametrize("fields", [
    {"fault": "Hum"}, {"sentence": "hum."}, {"sentence": ""}, {"sentence": "a\nb"}, {"sentence": "a" * 501},
    {"figures": {"level": float("nan")}}, {"figures": {"Level": 1.0}}, {"figures": {"level": [1]}},
    {"figures": {"level": (1.0, float("inf"))}},
])
def test_findings_that_can_t_be(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"hum|Hum"):
        Finding(**{"fault": "hum", "is_fault": True, "sentence": "hum", **fields})


@pytest.mark.parametrize("times", [(2.0, 1.0), (-1.0, 1.0), (0.0, float("inf")), (0.0, float("nan"))])
def test_marks_that_can_t_be(times: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="a mark from"):
        Mark(*times)
