"""Whether the losses of a recipe and its segments go together; found out before anything is written."""

from __future__ import annotations

from collections.abc import Iterator

from vocolab.errors import CallError
from vocolab.mels.spec import MelSpec
from vocolab.training.adversarial.band import SIZES
from vocolab.training.adversarial.light import SIZES as LIGHT_SIZES
from vocolab.training.adversarial.resolution import RESOLUTIONS
from vocolab.training.losses.spectral import MEL_BANDS
from vocolab.training.recipe import Recipe
from vocolab.training.tables import AdversarialOptions, LossOptions


def check_losses(recipe: Recipe, spec: MelSpec) -> None:
    """For losses on the waveform, of renderings at the convention `spec`.

    Raises:
        CallError: if there is no loss from the first step on, or one that looks at more than a segment.
    """
    if not (_any(recipe.loss) or _is_taught(recipe) or _is_judged(recipe.adversarial)):
        raise CallError("recipe [loss]: all weights are 0, so there is nothing to minimise; give mel, stft, mel_l1 "
                        "or phase")
    frames, hop = recipe.optimizer.segment_frames, spec.hop_samples
    least = max(_least_samples(recipe, spec), default=0)
    if frames * hop < least:
        raise CallError(f"recipe [optimizer] segment_frames: {frames} frames are {frames * hop} samples, too few for "
                        f"its losses and discriminators; give at least {-(-least // hop)}")


def check_judged(options: AdversarialOptions, judged: str) -> None:
    """Whether a recipe's discriminators can judge what the model makes, audio or mels.

    Raises:
        CallError: if they can't.
    """
    for kind in options.discriminators:
        if (kind == "mel") != (judged == "mel"):
            wrong, right = ("mels", '"light"') if kind == "mel" else ("audio", '"mel"')
            raise CallError(f'recipe [adversarial] discriminators: "{kind}" judges {wrong}, and this model is trained '
                            f"on its {judged}; give {right}")


def _any(weights: LossOptions) -> bool:
    return max(weights.mel, weights.stft, weights.mel_l1, weights.phase) > 0


def _is_taught(recipe: Recipe) -> bool:
    return recipe.distill is not None and recipe.distill.complex_stft > 0


def _is_judged(options: AdversarialOptions | None) -> bool:
    return options is not None and options.start_step == 0 and max(options.weight, options.features) > 0


def _least_samples(recipe: Recipe, spec: MelSpec) -> Iterator[int]:
    """What each part needs: a spectrum is padded by half its window, mirrored, and so is a period by nearly itself."""
    adversarial = recipe.adversarial
    tables = [recipe.loss]
    if adversarial is not None:
        yield from (samples + 1 for kind in adversarial.discriminators for samples in _mirrored(kind, adversarial))
        tables += [adversarial.loss] if adversarial.loss is not None else []
    for weights in tables:
        yield from (n_fft // 2 + 1 for n_fft in _windows(weights, spec, taught=_is_taught(recipe)))


def _mirrored(kind: str, options: AdversarialOptions) -> list[int]:
    return {
        "period": [period - 1 for period in options.periods],
        "resolution": [n_fft // 2 for n_fft, _, _ in RESOLUTIONS],
        "band": [n_fft // 2 for n_fft in SIZES],
        "light": [n_fft // 2 for n_fft in LIGHT_SIZES],
    }.get(kind, [])


def _windows(weights: LossOptions, spec: MelSpec, *, taught: bool) -> list[int]:
    return [
        *(weights.stft_sizes if weights.stft or taught else ()), *(MEL_BANDS if weights.mel else ()),
        *([spec.n_fft] if weights.mel_l1 or weights.phase else []),
    ]
