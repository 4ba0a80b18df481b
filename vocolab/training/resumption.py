"""What has to stay as it was for a run to go on in its folder.

The model, the architecture and the convention, since the weights are of them; the voice that it began with and the
mels that it was given, since what is said of the voice would be false; the discriminators' architecture. Everything
else of a recipe may change, and what did is kept with the step.
"""

from __future__ import annotations

from typing import Any

from vocolab.errors import TrainingError, listed
from vocolab.training.description import RunDescription, changes_text

_DISCRIMINATORS = ("discriminators", "width", "periods", "scales")
_NAMED = 4


def check_goes_on(folder: str, before: RunDescription, now: RunDescription) -> None:
    """Whether the run that `before` describes may go on as `now`.

    Raises:
        TrainingError: naming the folder, what it holds, and what to do.
    """
    for problem in (_start_problem, _model_problem, _mels_problem, _discriminator_problem):
        if text := problem(before, now):
            raise TrainingError(f"{text}, or give another --run", about=folder)


def _start_problem(before: RunDescription, now: RunDescription) -> str:
    was, asked = before.started_from, now.started_from
    if was is None and asked is None:
        return ""
    if asked is None:
        return f"this run was started with --from {_name(was)}: give that again"
    if was is None:
        return f"this run began with fresh weights, not with those of {_name(asked)}: leave --from out"
    if _same_voice(was, asked):
        return ""
    return (f"this run was started with --from {_name(was)}{_steps(was)}, and {_name(asked)}{_steps(asked)} has other "
            "weights: give the voice that it was started with")


def _same_voice(was: dict[str, Any], asked: dict[str, Any]) -> bool:
    """By the weights; a folder that does not know them is held to all that it knows."""
    if "weights_sha256" in was:
        return bool(was["weights_sha256"] == asked.get("weights_sha256"))
    return all(asked.get(key) == value for key, value in was.items())


def _model_problem(before: RunDescription, now: RunDescription) -> str:
    holds = f"holds a run of another model ({before.model}"
    if before.model != now.model:
        return f"{holds}, not {now.model}): name that model and its recipe"
    was, asked = before.recipe.model, now.recipe.model
    keys = [key for key in dict.fromkeys([*was, *asked]) if was.get(key) != asked.get(key)]
    if keys:
        return (f"{holds} with other values of {listed(keys, _NAMED)} in [model]): give the recipe that it was started "
                "with")
    if before.mel_spec != now.mel_spec:
        ours, theirs = before.mel_spec.to_dict(), now.mel_spec.to_dict()
        fields = [key for key in ours if ours[key] != theirs[key]]
        return f"{holds}, its mels differ in {listed(fields, _NAMED)}): give the recipe that it was started with"
    return ""


def _mels_problem(before: RunDescription, now: RunDescription) -> str:
    was, asked = before.mels, now.mels
    if was == {} or (was is None and asked is None):
        return ""
    if not asked:
        return f"this run was started with --mels {_folder(was)}: give those mels again"
    if was is None:
        return "this run was started on mels of the recordings: leave --mels out"
    if "sha256" not in asked or was["sha256"] == asked["sha256"]:
        return ""
    return (f"the mels in {asked['folder']} are others than those that this run was started with ({was['folder']}, of "
            f"{was['clips']} clips; now of {asked['clips']}): give the same ones")


def _discriminator_problem(before: RunDescription, now: RunDescription) -> str:
    was, asked = before.recipe.adversarial, now.recipe.adversarial
    if was is None or asked is None:
        return ""
    found = {f"adversarial.{key}": (getattr(was, key), getattr(asked, key))
             for key in _DISCRIMINATORS if getattr(was, key) != getattr(asked, key)}
    return f"its discriminators are others ({changes_text(found)}): leave these keys as they were" if found else ""


def _name(start: dict[str, Any] | None) -> str:
    return str((start or {}).get("voice", "a voice"))


def _steps(start: dict[str, Any]) -> str:
    return f" ({start['steps']} steps)" if "steps" in start else ""


def _folder(mels: dict[str, Any] | None) -> str:
    return str((mels or {}).get("folder", "FOLDER"))
