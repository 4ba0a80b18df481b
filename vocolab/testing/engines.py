"""The contract for authors of engines."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from vocolab.engines.fidelity import TOLERANCE, ratio_db
from vocolab.engines.interfaces import Precision, Settings
from vocolab.guarding import read_only
from vocolab.networks.interfaces import Execution
from vocolab.plugins.specs import EngineSpec
from vocolab.plugins.targets import load_target
from vocolab.testing import small_network
from vocolab.testing.components import ComponentContract
from vocolab.testing.places import place_of
from vocolab.testing.untestable import CantBeTestedError

_FRAMES = (1, 7, 41)
_LEAST_FAST_DB = 30.0


class EngineContract(ComponentContract):
    """Set `spec`: a small network runs on it, whose numbers NumPy tells."""

    spec: ClassVar[EngineSpec]

    def execution(self, threads: int = 1, precision: Precision = "fp32") -> Execution:
        """The small network on the engine under test."""
        engine, settings = self.built(), Settings(threads, precision)
        if self.spec.runs == "network":
            made: Execution = engine.execute(small_network.as_torch(), settings)
            return made
        compiled = engine.compile(self._graph(), settings)
        assert isinstance(compiled, bytes), f"compile gave {type(compiled).__name__}, not bytes{self._place('compile')}"
        loaded: Execution = engine.load(compiled, settings)
        return loaded

    def test_its_packages_are_those_that_it_needs(self) -> None:
        """`packages` names modules that can be imported: where one is missing, the engine counts as not installed."""
        assert self.spec.packages, f"{self.spec.name}: packages is empty; name the runtime's module{self._place()}"
        missing = [name for name in self.spec.packages if find_spec(name) is None]
        assert not missing, f"{self.spec.name}: packages names {', '.join(missing)}, which can't be imported"

    def test_it_says_which_version_it_is(self) -> None:
        """A text, by which what was compiled is kept apart; and whether it has anything faster than fp32."""
        engine = self.built()
        assert isinstance(engine.version, str) and engine.version, f"version is {engine.version!r}{self._place()}"
        assert isinstance(engine.has_fast, bool), f"has_fast is {engine.has_fast!r}{self._place()}"

    def test_it_computes_what_the_network_says(self) -> None:
        """At any length, float32 of the right shape within 1e-4."""
        execution = self.execution()
        for frames in _FRAMES:
            mel = small_network.mel(frames)
            found, expected = self._only(execution(mel)), small_network.expected(mel)
            assert found.shape == expected.shape, f"{frames} frames gave {found.shape}, not {expected.shape}"
            assert found.dtype == np.float32, f"{frames} frames gave {found.dtype}, not float32"
            error = float(np.abs(found - expected).max())
            assert error <= TOLERANCE, f"{frames} frames: {error:.2g} from what the network says{self._place()}"

    def test_threads_change_nothing(self) -> None:
        """Two give what one gives, within 1e-4."""
        mel = small_network.mel(_FRAMES[-1])
        one, two = (self._only(self.execution(threads)(mel)) for threads in (1, 2))
        assert float(np.abs(one - two).max()) <= TOLERANCE, f"two threads differ from one{self._place()}"

    def test_the_inputs_are_left_alone_and_runs_are_equal(self) -> None:
        """Arrays come read-only; the same ones give the same bits."""
        execution, mel = self.execution(), read_only(small_network.mel(_FRAMES[-1]))
        first, again = self._only(execution(mel)), self._only(execution(mel))
        assert np.array_equal(first, again), f"the second run differs{self._place()}"

    def test_fast_is_near_fp32(self) -> None:
        """Where `has_fast` says that there is something faster."""
        if not self.built().has_fast:
            return
        mel = small_network.mel(_FRAMES[-1])
        ratio = ratio_db(self._only(self.execution(precision="fast")(mel)), small_network.expected(mel))
        assert ratio >= _LEAST_FAST_DB, f"fast is {ratio:.1f} dB from fp32; {_LEAST_FAST_DB:g} is little{self._place()}"

    def test_what_is_no_graph_is_refused(self) -> None:
        """For an engine of graphs: whatever it raises means that it can't, and another engine takes its place."""
        if self.spec.runs == "network":
            return
        engine, settings = self.built(), Settings(1)
        try:
            engine.load(engine.compile(b"this is no graph", settings), settings)
        except Exception:
            return
        raise AssertionError(f"bytes that are no graph were loaded{self._place('load')}")

    def _graph(self) -> bytes:
        if find_spec("onnx") is None:
            raise CantBeTestedError("onnx is not installed, which writes the graph: pip install onnx")
        return small_network.as_graph()

    def _only(self, outputs: Any) -> NDArray[np.float32]:
        assert isinstance(outputs, tuple) and len(outputs) == 1, (
            f"it gave {type(outputs).__name__}, and has to give a tuple of one array{self._place()}"
        )
        array: NDArray[np.float32] = outputs[0]
        return array

    def _place(self, method: str = "__init__") -> str:
        return place_of(load_target(self.spec), method)
