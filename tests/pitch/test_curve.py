"""A pitch curve from a file: what it says of each frame, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vocolab.errors import CallError
from vocolab.pitch.curve import PitchCurve, read_curve

RATE_HZ = 100.0
"""Frames a second: frame i has its middle at 5 + 10 i ms."""


def curve(*points: tuple[float, float]) -> PitchCurve:
    times, f0_hz = zip(*points, strict=True)
    return PitchCurve(np.array(f0_hz), np.array(times))


def test_it_glides_along_log_f0_between_voiced_points() -> None:
    f0_hz = curve((0.0, 100.0), (0.1, 400.0)).at_frames(10, RATE_HZ)
    np.testing.assert_allclose(f0_hz, 100.0 * 4.0 ** (np.arange(0.005, 0.1, 0.01) / 0.1), rtol=1e-6)


def test_between_voiced_and_unvoiced_the_nearer_point_says() -> None:
    f0_hz = curve((0.0, 200.0), (0.1, 0.0)).at_frames(10, RATE_HZ)
    np.testing.assert_array_equal(f0_hz, np.array([200.0] * 5 + [0.0] * 5, np.float32))


def test_points_in_the_middles_of_frames_come_out_as_they_are() -> None:
    values = np.array([0.0, 110.0, 0.0, 0.0, 220.0, 230.0])
    middles = (np.arange(6) + 0.5) / RATE_HZ
    np.testing.assert_allclose(PitchCurve(values, middles).at_frames(6, RATE_HZ), values, rtol=1e-6)


def test_one_value_a_frame_and_no_other_number_of_them() -> None:
    plain = PitchCurve(np.full(7, 120.0))
    np.testing.assert_array_equal(plain.at_frames(7, RATE_HZ), np.full(7, 120, np.float32))
    with pytest.raises(CallError, match="7 values for the 8 frames"):
        plain.at_frames(8, RATE_HZ)


@pytest.mark.parametrize("points", [((0.0, 100.0), (0.5, 100.0)), ((0.5, 100.0), (1.0, 100.0))])
def test_it_has_to_cover_the_mel(points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(CallError, match=r"its times go from .* and the mel from 0 to 1\.000 s"):
        curve(*points).at_frames(100, RATE_HZ)


def test_both_forms_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("energy,f0_hz,time_s\n1,100,0\n2,0,0.5\n")
    np.save(tmp_path / "b.npy", np.array([[0.0, 100.0], [0.5, 0.0]]))
    np.save(tmp_path / "c.npy", np.array([100.0, 0.0], np.float32))
    for name in ("a.csv", "b.npy", "c.npy"):
        read = read_curve(tmp_path / name)
        np.testing.assert_array_equal(read.f0_hz, [100.0, 0.0])
        assert (read.time_s is None) == (name == "c.npy")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "no column time_s and no column f0_hz"),
        ("a.csv", b"time_s,pitch\n0,100\n", "no column f0_hz"),
        ("a.csv", b"time_s,f0_hz\n0,high\n", "line 2 has no two numbers"),
        ("a.csv", b"time_s,f0_hz\n0\n", "line 2 has no two numbers"),
        ("a.csv", b"time_s,f0_hz\n", "holds no value"),
        ("a.csv", b"time_s,f0_hz\n0,100\n1,-3\n", "value 2 is -3 Hz"),
        ("a.csv", b"time_s,f0_hz\n0,nan\n1,100\n", "value 1 is nan Hz"),
        ("a.csv", b"time_s,f0_hz\n0,inf\n1,100\n", "value 1 is inf Hz"),
        ("a.csv", b"time_s,f0_hz\n1,100\n0,100\n", "do not rise"),
        ("a.csv", b"time_s,f0_hz\nnan,100\n", "do not rise"),
        ("a.csv", b"\xff\xfe\x00", "holds no pitch curve"),
        ("a.npy", b"time_s,f0_hz\n", "holds no pitch curve"),
        ("a.txt", b"100\n", r"\.npy or a \.csv"),
    ],
)
def test_what_is_no_curve_is_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CallError, match=said) as caught:
        read_curve(tmp_path / name)
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_arrays_of_other_shapes_and_types_are_refused(tmp_path: Path) -> None:
    for array in (np.zeros((4, 3)), np.zeros((2, 2, 2)), np.array(["a"]), np.float64(3.0)):
        np.save(tmp_path / "a.npy", array)
        with pytest.raises(CallError, match="holds no pitch curve"):
            read_curve(tmp_path / "a.npy")
    with pytest.raises(CallError, match="can't be read"):
        read_curve(tmp_path / "none.npy")
