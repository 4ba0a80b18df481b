"""coqui's way to write mels: a table `audio` in config.json, beside the generator's arguments."""

from __future__ import annotations

from typing import Any

from vocolab.errors import CheckpointError
from vocolab.mels.spec import MelSpec
from vocolab_dialects.keys import refuse_unknown
from vocolab_dialects.values import Config, number, refuse, table, whole

_EXPRESSIBLE: dict[str, tuple[Any, ...]] = {
    "preemphasis": (0, 0.0, None, False), "do_amp_to_db_mel": (True,), "stats_path": (None, ""),
    "log_func": ("np.log", "np.log10"),
}
_AUDIO = frozenset({
    *_EXPRESSIBLE, "fft_size", "win_length", "hop_length", "frame_shift_ms", "frame_length_ms", "stft_pad_mode",
    "sample_rate", "num_mels", "mel_fmin", "mel_fmax", "spec_gain", "signal_norm", "ref_level_db", "min_level_db",
    "symmetric_norm", "max_norm", "clip_norm", "do_sound_norm", "do_rms_norm", "db_level",
})
"""Keys of the table `audio` that are read."""
_AUDIO_NO_MATTER = ("resample", "do_trim_silence", "trim_db", "power", "griffin_lim_iters", "do_amp_to_db_linear",
                    "pitch_fmin", "pitch_fmax", "num_freq")
TOP_KEYS = ("model", "generator_model", "generator_model_params", "audio", "use_noise_augment", "conv_pad", "use_pqmf",
            "diff_samples_for_G_and_D", "seq_len", "pad_short", "reinit_layers")
"""`use_pqmf` is of the losses; a generator with bands is of another class."""
_LEVELS = ("do_sound_norm", "do_rms_norm")
_FLOOR = 1e-8
_DECIDING = ("sample_rate", "fft_size", "win_length", "hop_length", "num_mels", "log_func", "spec_gain", "signal_norm")


def is_coquis(config: Config) -> bool:
    """Whether a config is one of coqui's."""
    return "generator_model_params" in config or "generator_model" in config


def coqui_mels(config: Config) -> tuple[MelSpec, tuple[str, ...]]:
    """The convention that the table `audio` of a config states, and what had to be assumed about it.

    Raises:
        CheckpointError: if there is no such table, or it has what no convention can express.
    """
    audio = table(config, "audio")
    if not audio:
        raise CheckpointError("the config has no table 'audio': name the convention with --mel-spec")
    refuse_unknown(audio, {*_AUDIO, *_AUDIO_NO_MATTER}, "the table audio of coqui's config")
    refuse(audio, _EXPRESSIBLE, "a mel convention has (name one with --mel-spec to go on)")
    rate = whole(audio, "sample_rate", 22_050)
    win, hop = _window(audio, rate)
    gain, offset, clip = _levels(audio)
    spec = MelSpec(
        sample_rate=rate, n_fft=whole(audio, "fft_size", 1024), win_samples=win, hop_samples=hop, padding="center",
        n_mels=whole(audio, "num_mels", 80), fmin_hz=number(audio, "mel_fmin", 0.0),
        fmax_hz=number(audio, "mel_fmax", rate / 2), clamp=_FLOOR, log_gain=gain, log_offset=offset, clip=clip,
        log_base="e" if audio.get("log_func") == "np.log" else "10",
    )
    return spec, _assumed(audio)


def _window(audio: Config, rate: int) -> tuple[int, int]:
    """Window and hop in samples; older configs have them in milliseconds."""
    length_ms, shift_ms = audio.get("frame_length_ms"), audio.get("frame_shift_ms")
    if audio.get("hop_length") is None and length_ms and shift_ms:
        win = int(number(audio, "frame_length_ms", 0.0) / 1000 * rate)
        return win, int(win / (number(audio, "frame_length_ms", 0.0) / number(audio, "frame_shift_ms", 1.0)))
    return whole(audio, "win_length", 1024), whole(audio, "hop_length", 256)


def _levels(audio: Config) -> tuple[float, float, tuple[float, float] | None]:
    """Gain, offset and limits of the logarithm.

    With signal_norm a level y in dB becomes n = (y - ref - min) / -min, then max * n, or max * (2 n - 1).
    """
    gain = number(audio, "spec_gain", 20.0)
    if not audio.get("signal_norm", True):
        return gain, 0.0, None
    reference, least = number(audio, "ref_level_db", 20.0), number(audio, "min_level_db", -100.0)
    most = number(audio, "max_norm", 4.0)
    if least >= 0:
        raise CheckpointError(f"the config's min_level_db is {least:g}; it has to be below 0")
    symmetric = bool(audio.get("symmetric_norm", True))
    times = (2 * most if symmetric else most) / -least
    offset = times * (-reference - least) - (most if symmetric else 0.0)
    limits = (-most if symmetric else 0.0, most) if audio.get("clip_norm", True) else None
    return gain * times, offset, limits


def _assumed(audio: Config) -> tuple[str, ...]:
    said = []
    if absent := [key for key in _DECIDING if key not in audio]:
        said.append(f"{', '.join(absent)} as coqui's defaults: the config does not say")
    if audio.get("stft_pad_mode", "reflect") != "reflect":
        said.append(f"mels padded by reflection at the ends of a recording, not by {audio['stft_pad_mode']}")
    said += [f"mels of audio that was brought to one level first, as {key} says" for key in _LEVELS if audio.get(key)]
    return tuple(said)
