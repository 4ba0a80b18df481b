"""Which engine runs a network, in which precision, on how many threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import get_args

from vocolab.catalog import Catalog
from vocolab.engines.interfaces import Precision, Settings
from vocolab.errors import CallError, DependencyMissing
from vocolab.networks.device import AUTO, CPU
from vocolab.plugins.host import Entry
from vocolab.plugins.requirements import how_to_install
from vocolab.plugins.specs import EngineSpec

VARIABLE = "VOCOLAB_ENGINE"
"""The environment variable that states the engine where a call states none."""
MOST_THREADS = 1024


@dataclass(frozen=True)
class EngineChoice:
    """What a call asks for.

    Raises:
        CallError: if there is no such precision, or no such number of threads.
    """

    engine: str = AUTO
    """An engine's name, or "auto": the fastest that is installed and can run the model."""
    precision: Precision = "fp32"
    threads: int | None = None
    """None: as many as the process may use."""
    is_usual: bool = False
    """Whether the engine is the environment's or the configuration's: it goes first, and what can't run on it takes
    another."""

    def __post_init__(self) -> None:
        if self.precision not in get_args(Precision):
            raise CallError(f"precision {self.precision!r}: allowed are {', '.join(get_args(Precision))}")
        if self.threads is not None and not 1 <= self.threads <= MOST_THREADS:
            raise CallError(f"{self.threads} threads: at least 1 and at most {MOST_THREADS} can be asked for")

    @property
    def is_open(self) -> bool:
        """Whether the engine is ours to choose."""
        return self.engine == AUTO or self.is_usual

    def shared_by(self, jobs: int) -> EngineChoice:
        """The same for so many files at a time: where no number of threads is stated, they share the processors."""
        if jobs <= 1 or self.threads is not None:
            return self
        return replace(self, threads=max(1, usable_threads() // jobs))

    @property
    def settings(self) -> Settings:
        """The same with nothing left open but the engine."""
        return Settings(self.threads or usable_threads(), self.precision)


@dataclass(frozen=True)
class Running:
    """What runs a model, as it is reported."""

    engine: str
    """Empty for a model without a network."""
    version: str = ""
    precision: Precision = "fp32"
    threads: int = 1
    snr_db: float | None = None
    """Of "fast" against fp32, on this voice; None for fp32."""
    seam: float | None = None
    """How far parts with their context are from the whole, in "fast"; None for fp32, which is held to 1e-5."""

    @property
    def told(self) -> str:
        """All of it in a line, as people are told."""
        threads = f"{self.threads} thread{'s'[: self.threads != 1]}"
        snr = "" if self.snr_db is None else f" ({self.snr_db:.0f} dB from fp32)"
        seam = "" if self.seam is None else f", parts are {self.seam:.1e} from the whole"
        return f"{self.engine} {self.version.partition('-')[0]}, {self.precision}{snr}{seam}, {threads}"


def usual_engine(configured: Callable[[], str | None] = lambda: None) -> EngineChoice:
    """Where a call states no engine: that of the environment, of the configuration, else the fastest.

    Args:
        configured: Gives what the configuration says. A call in Python takes nothing from there.
    """
    return EngineChoice(os.environ.get(VARIABLE) or configured() or AUTO, is_usual=True)


def engine_choice(
    engine: EngineChoice | str | None, precision: Precision | None = None, threads: int | None = None
) -> EngineChoice:
    """What a call in Python asks for, in words or in one.

    Raises:
        CallError: as `EngineChoice`.
    """
    chosen = EngineChoice(engine) if isinstance(engine, str) else engine or usual_engine()
    threads = chosen.threads if threads is None else threads
    return replace(chosen, precision=precision or chosen.precision, threads=threads)


def usable_threads() -> int:
    """The processors that this process may use, or fewer where OMP_NUM_THREADS says so, as torch understands it."""
    stated = os.environ.get("OMP_NUM_THREADS", "")
    if stated.isdecimal() and 1 <= int(stated) <= MOST_THREADS:
        return int(stated)
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def candidates(catalog: Catalog, choice: EngineChoice, device: str) -> list[Entry[EngineSpec]]:
    """The engines that may run a model, the fastest first; the one that is named, and no other.

    Raises:
        UnknownName: if none of that name is there.
        DependencyMissing: if the named one's package is not installed; names the extra.
        CallError: if the named one does not run on that device.
    """
    kind = device.partition(":")[0]
    if choice.is_open:
        fit = [one for one in catalog.engines.entries() if is_installed(one) and _runs_on(one, kind)]
        return sorted(fit, key=lambda one: (one.name != choice.engine, *first_taken(catalog, one)))
    entry = catalog.engines.get(choice.engine)
    if not is_installed(entry):
        raise DependencyMissing(f"the engine {entry.name!r} needs {_missing(entry)!r}, which is not installed: "
                                f"{to_install(entry)}")
    if not _runs_on(entry, kind):
        raise CallError(f"the engine {entry.name!r} runs on {', '.join(entry.fact('devices'))} and not on {device}")
    return [entry]


def is_installed(entry: Entry[EngineSpec]) -> bool:
    """Whether the packages of an engine are there; none of them is imported."""
    return not _missing(entry)


def _missing(entry: Entry[EngineSpec]) -> str:
    return next((name for name in entry.fact("packages") if find_spec(name) is None), "")


def first_taken(catalog: Catalog, entry: Entry[EngineSpec]) -> tuple[int, bool, int]:
    """Sorts engines: of packages that the configuration puts first, built in, others; of each the highest rank first.

    No installed package takes the place of a built-in engine by its rank.
    """
    first = catalog.host.first
    place = first.index(entry.dist) if entry.dist in first else len(first)
    return place, not entry.builtin, -entry.fact("rank")


def to_install(entry: Entry[EngineSpec]) -> str:
    """How to get what an engine lacks: "pip install 'vocolab[openvino]'"."""
    return how_to_install(entry.dist, entry.fact("extra"), _missing(entry))


def _runs_on(entry: Entry[EngineSpec], kind: str) -> bool:
    devices = entry.fact("devices")
    return kind in devices or (kind == AUTO and CPU in devices)
