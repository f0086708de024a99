"""Clients with a credential, and whether a text shows it."""

from __future__ import annotations

from typing import Any

from behaviour.runtime import load
from behaviour.scenarios import AUTHORIZATION, KEY, ONCE

TOKEN = AUTHORIZATION.partition(" ")[2]


def leaks(text: str) -> bool:
    return KEY in text or TOKEN in text


def connect(url: str, **options: Any) -> Any:
    client = load("_runtime.client.client").BaseClient
    defaults: dict[str, Any] = {"retries": ONCE, "trust_env": False, "timeout": 2.0}
    return client(url, authorization=AUTHORIZATION, **{**defaults, **options})
