"""What a client does unless it is told otherwise."""

from __future__ import annotations

from typing import Final

from .http import Timeouts
from .retries import RetryPolicy

TIMEOUTS: Final = Timeouts()
RETRIES: Final = RetryPolicy()
ONCE: Final = RetryPolicy.none()
