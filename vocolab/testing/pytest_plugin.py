"""`pytest --vocolab PACKAGE`: a test for each property of all that a package offers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vocolab.testing.packages import Property


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option `--vocolab`."""
    parser.getgroup("vocolab").addoption(
        "--vocolab", action="append", default=[], metavar="PACKAGE",
        help="test all that an installed vocolab plugin package offers; may be given more than once",
    )


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add a test a property."""
    for package in config.getoption("--vocolab"):
        from vocolab.errors import CallError
        from vocolab.testing.packages import properties_of

        try:
            found = list(properties_of(package))
        except CallError as error:
            raise pytest.UsageError(str(error)) from error
        items += [PropertyItem.of(session, package, one) for one in found]


class PropertyItem(pytest.Item):
    """One property of one thing, as a test."""

    package: str
    holds: Callable[[], None]

    @classmethod
    def of(cls, session: pytest.Session, package: str, found: Property) -> PropertyItem:
        """The test of a property."""
        name = f"{package}::{found.of.replace(' ', '-')}::{found.name}"
        item: PropertyItem = cls.from_parent(session, name=name)
        item.package, item.holds = package, found.holds
        return item

    def runtest(self) -> None:
        """Pass where the property holds."""
        from vocolab.testing.untestable import CantBeTestedError

        try:
            self.holds()
        except CantBeTestedError as error:
            pytest.skip(str(error))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What to change, in a line; all else as pytest shows it."""
        return str(excinfo.value) if excinfo.errisinstance(AssertionError) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, None, str]:
        """Where the test is: in the package's contract."""
        return f"contract of {self.package}", None, self.name
