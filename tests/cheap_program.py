"""The program from cold, with the passphrase's cheapest cost: for tests of whole runs where nothing can be forked."""

from __future__ import annotations

import runpy
import sys

from cheap_passphrases import cheap_passphrases

if __name__ == "__main__":
    # The tests' own modules are not the program's; in its place comes the folder of the command.
    sys.path[0] = ""
    with cheap_passphrases():
        runpy.run_module("bulktap", run_name="__main__", alter_sys=True)
