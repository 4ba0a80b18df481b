"""What comes with vocolab keeps the contracts that vocolab asks of others."""

from __future__ import annotations

from typing import Any

import pytest

from vocolab.catalog import Catalog
from vocolab.plugins.host import PluginHost
from vocolab.testing import VocoderContract

pytestmark = pytest.mark.slow

BUILTIN = Catalog(PluginHost(allow=frozenset()))


def checks(contract: type) -> list[str]:
    return [name for name in dir(contract) if name.startswith("test_")]


@pytest.mark.parametrize("check", checks(VocoderContract))
@pytest.mark.parametrize("name", BUILTIN.vocoders.names())
def test_vocoders(name: str, check: str) -> None:
    """With the best voice inside; one without is held to the contract by its own tests, with random weights."""
    entry = BUILTIN.vocoders.get(name)
    best = BUILTIN.default_voice(name)
    if entry.spec.needs_voice and best is None:
        pytest.skip(f"{name} comes without a voice")
    voice = BUILTIN.voices.load(best.qualified) if best else None
    contract: Any = type("Made", (VocoderContract,), {"spec": entry.spec, "voice": voice})()
    getattr(contract, check)()
