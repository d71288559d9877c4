"""How much goes into one batch, for those who reckon with it and send none."""

from typing import Final

MAX_STEPS: Final = 20
"""The most steps that one batch may hold (Microsoft's page on JSON batching); with one more the envelope is a 400."""
