"""What a builder says of values it does not take."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import ModuleType
from typing import Any

import pytest

from support import runtime

UTC = timezone(timedelta())
WHEN = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def problems(module: ModuleType, make: Any, *arguments: Any, **named: Any) -> list[str]:
    """What the one error says, problem by problem."""
    with pytest.raises(runtime(module, "values.problems").ValidationError) as caught:
        make(*arguments, **named)
    first, *rest = str(caught.value).splitlines()
    assert first.endswith(f": {len(rest)} problem{'s' * (len(rest) != 1)}")
    return [line.strip() for line in rest]
