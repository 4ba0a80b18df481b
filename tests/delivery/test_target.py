"""What a preset can demand, and when a file meets it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from vocolab.delivery.target import Target, check, missed
from vocolab.loudness import Loudness

ACX = Target(rms_min_dbfs=-23.0, rms_max_dbfs=-18.0, sample_peak_dbfs=-3.0, noise_floor_dbfs=-60.0,
             sample_rate_hz=44_100)
GOOD = Loudness(
    -20.5, -3.2, -3.5, channels=1, sample_rate_hz=44_100, short_term_max_lufs=-17.0, loudness_range_lu=6.0,
    rms_dbfs=-20.0, noise_floor_dbfs=-65.0,
)


def test_all_of_it_met():
    lines = check(ACX, GOOD)
    assert [line.requirement for line in lines] == [
        "sample_peak_dbfs", "rms_min_dbfs", "rms_max_dbfs", "noise_floor_dbfs", "sample_rate_hz",
    ]
    assert [line.got for line in lines] == [-3.5, -20.0, -20.0, -65.0, 44_100]
    assert all(line.passed is True for line in lines)


@pytest.mark.parametrize(
    ("reading", "value", "broken"),
    [
        ("rms_dbfs", -23.1, "rms_min_dbfs"), ("rms_dbfs", -17.9, "rms_max_dbfs"),
        ("sample_peak_dbfs", -2.9, "sample_peak_dbfs"), ("noise_floor_dbfs", -59.9, "noise_floor_dbfs"),
        ("sample_rate_hz", 48_000, "sample_rate_hz"),
    ],
)  # fmt: skip
def test_each_can_be_broken(reading, value, broken):
    lines = check(ACX, replace(GOOD, **{reading: value}))
    assert [line.requirement for line in lines if line.passed is False] == [broken]
    assert missed(lines)


@pytest.mark.parametrize(("name", "wanted", "broken"), [
    ("short_term_max_lufs", -17.0, -17.1), ("loudness_range_lu", 6.0, 5.9), ("true_peak_dbtp", -3.2, -3.3),
])
def test_ceilings_may_be_touched(name, wanted, broken):
    assert not missed(check(Target(**{name: wanted}), GOOD))
    assert missed(check(Target(**{name: broken}), GOOD))


def test_what_can_not_be_measured_breaks_no_ceiling_and_reaches_no_loudness():
    silence = Loudness(None, None, None, channels=1, sample_rate_hz=44_100)
    assert [(line.requirement, line.passed, line.holds) for line in check(ACX, silence)] == [
        ("sample_peak_dbfs", None, True), ("rms_min_dbfs", None, False), ("rms_max_dbfs", None, True),
        ("noise_floor_dbfs", None, True), ("sample_rate_hz", True, True),
    ]
    assert missed(check(Target(-23.0), silence))


def test_addition_keeps_what_either_states():
    both = Target(-23.0, 1.0, -2.0, loudness_range_lu=15.0) | ACX
    assert both == replace(ACX, integrated_lufs=-23.0, tolerance_lu=1.0, true_peak_dbtp=-2.0, loudness_range_lu=15.0)
    assert (ACX | Target(sample_peak_dbfs=-1.0)).sample_peak_dbfs == -1.0
    assert (Target(-23.0, 0.5, mono_integrated_lufs=-26.0) | Target(-16.0, 1.0)) == Target(-16.0, 1.0)


def test_a_target_that_states_anything_is_not_empty():
    assert Target().is_empty and Target(tolerance_lu=1.0).is_empty
    for field in fields(Target):
        if field.name != "tolerance_lu":
            assert not Target(**{field.name: -20.0}).is_empty, field.name


def test_mono_may_have_a_loudness_of_its_own():
    target = Target(-16.0, mono_integrated_lufs=-19.0)
    assert [target.loudness_for(channels) for channels in (1, 2, 6)] == [-19.0, -16.0, -16.0]
    assert Target(-16.0).loudness_for(1) == -16.0
