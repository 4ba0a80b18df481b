"""What a training run is of, as its recipe.json keeps it, and under which recipes it came how far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from vocolab.errors import listed
from vocolab.mels.spec import MelSpec
from vocolab.training.recipe import Recipe, recipe_from

Changes = dict[str, tuple[Any, Any]]
"""What two recipes differ in: the key, as `loss.mel`, with its value before and after."""

_ASIDE = ("format", "summary", "recommended", "log", "checkpoints")
"""Tables and keys of a recipe that no weight depends on."""


@dataclass(frozen=True)
class Chapter:
    """A recipe, as JSON keeps it, and the step from which on a run was trained by it."""

    from_step: int
    recipe: dict[str, Any]


@dataclass(frozen=True)
class RunDescription:
    """What a run is of. `recipe` is the one that it is trained by now, from `from_step` on.

    Attributes:
        started_from: What is known of the voice that is fine-tuned; None for fresh weights.
        mels: What is known of the given mels; None for mels of the recordings, empty where a run's folder is of a
            vocolab that did not say.
        earlier: The recipes before, ascending, the first from step 0 on.
    """

    model: str
    recipe: Recipe
    mel_spec: MelSpec
    started_from: dict[str, Any] | None = None
    mels: dict[str, Any] | None = None
    earlier: tuple[Chapter, ...] = ()
    from_step: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The content of recipe.json."""
        earlier = [{"from_step": chapter.from_step, "recipe": chapter.recipe} for chapter in self.earlier]
        return {
            "model": self.model, "recipe": _plain(self.recipe), "mel_spec": self.mel_spec.to_dict(),
            "started_from": self.started_from, "mels": self.mels, "from_step": self.from_step,
            "earlier_recipes": earlier,
        }

    @classmethod
    def from_dict(cls, document: dict[str, Any], source: str) -> RunDescription:
        """What `to_dict` gave, also that of an earlier vocolab, which kept less.

        Raises:
            CallError: naming `source`, if the recipe is none.
            KeyError, TypeError, ValueError: if something is missing, or is no description at all.
        """
        recipe = recipe_from(document["recipe"], source)
        spec = MelSpec.from_dict(document["mel_spec"]) if "mel_spec" in document else recipe.convention()
        earlier = tuple(Chapter(one["from_step"], one["recipe"]) for one in document.get("earlier_recipes", ()))
        model = document["model"] if "model" in document else document["vocoder"]  # as it was called before
        begun = document.get("from_step", 0)
        for step, described in ((begun, {}), *((one.from_step, one.recipe) for one in earlier)):
            if type(step) is not int or not isinstance(described, dict):
                raise TypeError(f"{step!r:.40} is no step, or has no recipe")
        return cls(model, recipe, spec, document.get("started_from"), document.get("mels", {}), earlier, begun)

    def chapters(self, step: int | None = None) -> list[Chapter]:
        """The recipes by which the weights came to be what they are, at `step` or now; at least one."""
        every = [*self.earlier, Chapter(self.from_step, _plain(self.recipe))]
        return [chapter for chapter in every if step is None or chapter.from_step < step] or every[:1]

    def goes_on(self, before: RunDescription, step: int) -> RunDescription:
        """This, where a run that `before` describes goes on from `step`: with what is known of its beginnings.

        A recipe that no step up to `step` was trained by leaves no trace.
        """
        chapters = [chapter for chapter in before.chapters() if chapter.from_step < step]
        begun = step
        if chapters and not changes(chapters[-1].recipe, _plain(self.recipe)):
            begun = chapters.pop().from_step
        return replace(self, started_from=before.started_from, earlier=tuple(chapters), from_step=begun)

    def changed_since(self, before: RunDescription) -> Changes:
        """What the recipe asks for otherwise than `before` did."""
        return changes(_plain(before.recipe), _plain(self.recipe))


def changes(was: dict[str, Any], now: dict[str, Any]) -> Changes:
    """What two recipes differ in, as far as weights depend on it."""
    kept = [{key: value for key, value in recipe.items() if key not in _ASIDE} for recipe in (was, now)]
    return dict(_differing(kept[0], kept[1], ""))


def changes_text(found: Changes) -> str:
    """Changes in one line: `loss.mel 15 -> 1, optimizer.steps 100 -> 200`."""
    return listed(f"{key} {_spelled(was)} -> {_spelled(now)}" for key, (was, now) in found.items())


def recipe_changes(chapters: list[Chapter]) -> list[dict[str, Any]]:
    """What changed from each chapter to the next, for a voice to keep."""
    rows = []
    for before, after in pairwise(chapters):
        found = changes(before.recipe, after.recipe)
        changed = {key: {"before": was, "after": now} for key, (was, now) in found.items()}
        rows.append({"from_step": after.from_step, "changed": changed})
    return rows


def _differing(was: dict[str, Any], now: dict[str, Any], prefix: str) -> list[tuple[str, tuple[Any, Any]]]:
    found: list[tuple[str, tuple[Any, Any]]] = []
    for key in dict.fromkeys([*was, *now]):
        one, other = was.get(key), now.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            found += _differing(one, other, f"{prefix}{key}.")
        elif one != other:
            found.append((f"{prefix}{key}", (one, other)))
    return found


def _spelled(value: Any) -> str:
    match value:
        case None:
            return "none"
        case dict():
            return "a table"
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _plain(recipe: Recipe) -> dict[str, Any]:
    return recipe.model_dump(mode="json")
