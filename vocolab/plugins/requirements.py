"""Whether what somebody requires is installed: PEP 508 texts such as `vocolab-tape>=0.2`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def requirement_problem(text: str) -> str:
    """What is wrong with a requirement, or with what is installed for it; empty if it is met."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        return f"{text!r} is not a requirement such as 'vocolab-tape>=0.2': {str(error).splitlines()[0]}"
    # No extra is asked for, so what only an extra needs is not required.
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return ""
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        return f"{requirement.name} is not installed: pip install '{text}'"
    if requirement.specifier.contains(installed, prereleases=True):
        return ""
    return f"{text} is required and {installed} is installed: pip install --upgrade '{text}'"
