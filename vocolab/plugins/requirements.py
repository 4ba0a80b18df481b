"""Whether what somebody requires is installed: PEP 508 texts such as `vocolab-tape>=0.2`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, requires, version


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


def requirement_problems(dist: str) -> list[str]:
    """What is wrong with the requirements that a distribution states."""
    return [problem for problem in map(requirement_problem, _stated(dist)) if problem]


def how_to_install(dist: str, extra: str, module: str) -> str:
    """What helps where a module is missing that an installed package needs.

    Args:
        dist: The package. It is there, so that installing it again does not help.
        extra: Its extra that brings the module; empty where that is among its requirements.
        module: The one that is missing.
    """
    if extra:
        return f"pip install '{dist}[{extra}]'"
    if unmet := [text for text in _stated(dist) if requirement_problem(text)]:
        return "pip install " + " ".join(f"'{text.partition(';')[0].strip()}'" for text in unmet)
    return (f"install the package that has {module}; {dist} does not state it among its requirements, which its author "
            "has to mend")


def _stated(dist: str) -> list[str]:
    try:
        return requires(dist) or []
    except PackageNotFoundError:
        return []
