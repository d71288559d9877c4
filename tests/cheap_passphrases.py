"""The passphrase's cost in tests of whole commands: new journals and workbooks get the cheapest one.

The cost is an argument of whatever makes them, and the real one is its default; at that one a command of a few rows
does little else. What is written says what it cost, so it is opened like any other.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def cheap_passphrases() -> Iterator[None]:
    """Let this process make journals and workbooks of the cheapest cost."""
    from bulktap.journal import CHEAPEST, Journal, PassphraseKey
    from bulktap.storage.office_encryption import WorkbookKey

    costs = (
        (Journal.create.__func__, "cost", CHEAPEST),
        (PassphraseKey.__init__, "cost", CHEAPEST),
        (WorkbookKey.__init__, "spin_count", 1_000),
    )
    with ExitStack() as stack:
        for function, name, cheapest in costs:
            assert name in function.__kwdefaults__
            stack.enter_context(mock.patch.dict(function.__kwdefaults__, {name: cheapest}))
        yield
