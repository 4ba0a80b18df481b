"""Every detector of restoration keeps the contract."""

from __future__ import annotations

from typing import Any

import pytest

from vocolab.testing import DetectorContract
from vocolab_restoration import plugin

SPECS = {spec.name: spec for spec in plugin.vocolab_detectors()}
CHECKS = sorted(name for name in dir(DetectorContract) if name.startswith("test_"))
ONE_MODULE = "test_the_plugin_module_imports_nothing_heavy"


def contract(name: str) -> Any:
    return type("Made", (DetectorContract,), {"spec": SPECS[name], "rates": (8_000, 48_000), "channels": (1, 2)})()


@pytest.mark.parametrize("check", [check for check in CHECKS if check != ONE_MODULE])
@pytest.mark.parametrize("name", sorted(SPECS))
def test_every_detector_keeps_it(name: str, check: str) -> None:
    getattr(contract(name), check)()


def test_the_module_is_light() -> None:
    contract("hum").test_the_plugin_module_imports_nothing_heavy()
