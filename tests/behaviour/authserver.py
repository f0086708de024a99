"""An API whose tokens come from a token endpoint beside it, on loopback."""

from __future__ import annotations

import socket
import threading
from typing import Any
from urllib.parse import parse_qs

from behaviour.faultserver import Fault, FaultServer, Seen, read_requests, reply


class AuthServer(FaultServer):
    """Gives `token-1`, `token-2`, … and answers 401 to whatever comes without a valid one.

    Attributes:
        lifetime: the `expires_in` of the tokens; None: not said.
        rotates: each answer has a new refresh token, and only the last one is good.
        delay: seconds that a token takes.
        faults: answer the next requests for tokens instead.
        tokens: those that are valid.
    """

    def __init__(self, *, tls: Any = None) -> None:
        self.lifetime: object = 3600
        self.rotates = False
        self.delay = 0.0
        self.faults: list[Fault] = []
        self.tokens: set[str] = set()
        self.refresh_token = "refresh-0"
        self.given: dict[str, object] = {"token_type": "Bearer"}
        self._made = 0
        self._making = threading.Lock()
        super().__init__(tls=tls)

    @property
    def asked(self) -> list[Seen]:
        """The requests for tokens."""
        return [seen for seen in self.seen if is_token(seen)]

    @property
    def forms(self) -> list[dict[str, str]]:
        """What these said."""
        return [form(seen) for seen in self.asked]

    @property
    def calls(self) -> list[str]:
        """The tokens that other requests came with."""
        rest = [seen for seen in self.seen if not is_token(seen)]
        return [seen.headers.get("authorization", "").removeprefix("Bearer ") for seen in rest]

    def _answer(self, sock: socket.socket, number: int) -> None:
        for seen in read_requests(sock, number):
            with self._making:
                self.seen.append(seen)
                fault = self._fault(seen)
            if is_token(seen):
                self.stop.wait(self.delay)
            if not fault(sock, self.stop):
                return

    def _fault(self, seen: Seen) -> Fault:
        if not is_token(seen):
            token = seen.headers.get("authorization", "").removeprefix("Bearer ")
            return reply(200 if token in self.tokens else 401, {"seen": token})
        if self.faults:
            return self.faults.pop(0)
        said = form(seen)
        if said["grant_type"] == "refresh_token" and said["refresh_token"] != self.refresh_token:
            return reply(400, {"error": "invalid_grant", "error_description": "revoked"})
        self._made += 1
        token = f"token-{self._made}"
        self.tokens.add(token)
        answer: dict[str, object] = {"access_token": token, **self.given}
        if self.lifetime is not None:
            answer["expires_in"] = self.lifetime
        if self.rotates:
            self.refresh_token = answer["refresh_token"] = f"refresh-{self._made}"
        return reply(200, answer)


def is_token(seen: Seen) -> bool:
    return seen.target.partition("?")[0].rstrip("/").endswith("token")


def form(seen: Seen) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(seen.body.decode()).items()}
