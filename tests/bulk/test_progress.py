"""How far a run is: on a terminal, and in a log."""

from __future__ import annotations

import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
from fcntl import ioctl
from pathlib import Path
from typing import Any

import pytest

from behaviour.faultserver import Fault, reply, slow
from bulk.commandline import ENVIRON, NAME, EventServer, lines, module, package, users


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0:00"),
        (7.4, "0:07"),
        (59.6, "1:00"),
        (750, "12:30"),
        (3600 * 3 + 300, "3:05:00"),
        (86_400 * 2 + 5, "2 d 0:00:05"),
    ],
)
def test_durations(seconds: float, expected: str) -> None:
    assert module("bulk.progress").duration(seconds) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((0, 0, 0.0, 0, ""), "0/0 100%"),
        ((500, 1000, 198.4, 0, ""), "500/1,000 50% 198/s 0:03 left"),
        ((999_999, 1_000_000, 2.5, 3, ""), "999,999/1,000,000 99% 2.5/s 0:00 left, 3 rejected"),
        ((10, 10, 5.0, 0, ""), "10/10 100% 5.0/s"),
        ((1, 4, 0.0, 0, "a \x1b[31m"), "1/4 25%; a \\x1b[31m"),
    ],
)
def test_words(given: Any, expected: str) -> None:
    assert module("bulk.progress").words(*given) == expected


def test_bars() -> None:
    bar = module("bulk.progress").bar
    assert bar(0, 10) == f"[{'-' * 24}] "
    assert bar(5, 10) == f"[{'#' * 12}{'-' * 12}] "
    assert bar(0, 0) == bar(10, 10) == f"[{'#' * 24}] "


def test_the_rate_is_that_of_late() -> None:
    rate = module("bulk.progress").Rate()
    rate.add(0.0, 1000)  # done before
    assert rate.per_second() == 0.0
    rate.add(1.0, 1100)
    assert rate.per_second() == pytest.approx(100)
    for second in range(2, 60):
        rate.add(float(second), 1100)
    assert rate.per_second() == 0.0


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return True


def test_what_is_said_stands_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    out, err = io.StringIO(), Screen()
    terminal = module("bulk.terminal").Terminal(out=out, err=err)
    terminal.progress("half", "[##--] ")
    terminal.progress("a text that is too long for so narrow a line", "[##--] ")
    terminal.problem("wrong")
    terminal.result("done")
    first, second, *rest = err.getvalue().split("\r")[1:]
    assert first == "[##--] half"
    assert second == "a text that is too long for"
    assert rest[0].isspace()
    assert rest[-1] == "wrong\n"
    assert out.getvalue() == "done\n"


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (80, "5/9 55% 3/s, 335 rejected"),
        (25, "5/9 55% 3/s, 335 rejected"),
        (24, "5/9 55% 3/s, 335"),
    ],
)
def test_no_number_is_cut(room: int, shown: str) -> None:
    cut = module("bulk.terminal")._cut
    assert cut("5/9 55% 3/s, 335 rejected", room) == shown
    assert cut("5/9 55% 3/s, 335 rejected", 14) == "5/9 55% 3/s"
    assert cut("x" * 50, 14) == "x" * 14


def test_a_terminal_that_cannot_show_all(monkeypatch: pytest.MonkeyPatch) -> None:
    err = Screen("ascii")
    module("bulk.terminal").Terminal(err=err).problem("naïve …")
    assert err.getvalue() == "na\\xefve \\u2026\n"


def test_in_a_log_there_is_a_line_from_time_to_time(monkeypatch: pytest.MonkeyPatch) -> None:
    progress_module = module("bulk.progress")
    now = 0.0
    monkeypatch.setattr(progress_module, "monotonic", lambda: now)
    err = io.StringIO()
    progress = progress_module.Progress(module("bulk.terminal").Terminal(err=err))
    for _ in range(200):
        now += 0.125
        progress.sending(int(now * 8), 1000, 0, "")
    progress.sending(1000, 1000, 0, "", now=True)
    assert err.getvalue().splitlines() == [
        "80/1,000 8% 8.0/s 1:55 left",
        "160/1,000 16% 8.0/s 1:45 left",
    ]


def note(still: float, stall: Any = None) -> str:
    """What is said of an outbox where nothing was delivered for so many seconds."""
    stats = module("outbox.stats").Stats(
        pending=5,
        delivered=5,
        dead=0,
        in_flight=0,
        retried=9,
        failure="HTTP 403",
        oldest=40.0,
        paused="",
        stalled=stall,
        shut_out=False,
        delivers=True,
    )
    return str(module("bulk.watching").Watch()._note(stats, still))


def test_what_keeps_all_back_is_in_the_line() -> None:
    stalls = module("delivery.stalls")
    stall = stalls.Stall(reason="HTTP 503", since=time.time() - 30, until=time.time() + 20)
    assert re.fullmatch(r"HTTP 503 for 3\d s, tried again in (19|20) s", note(0.0, stall))


def test_what_keeps_those_back_that_are_left_is_in_the_line() -> None:
    assert note(1.0) == ""
    assert note(64.0) == "nothing got through for 1:04, 9 retried, last: HTTP 403"


def rule(user: str, times: int) -> Fault:
    return slow(0.01, reply(400 if user == "u7" else 200))


def test_on_a_real_terminal(tmp_path: Path) -> None:
    """The line is drawn anew, in the terminal's width, and what is said last stands alone."""
    (tmp_path / "e.jsonl").write_text(lines(users(400)))
    main, other = pty.openpty()
    ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    with EventServer(rule) as server:
        process = subprocess.Popen(
            [sys.executable, "-m", NAME, "send", "e.jsonl", "--server", server.url],
            cwd=tmp_path,
            env={**ENVIRON, "PYTHONPATH": str(package().parent), "COLUMNS": ""},
            stdin=other,
            stdout=other,
            stderr=other,
        )
        os.close(other)
        shown = b""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                shown += os.read(main, 65_536)
            except OSError:
                break
        assert process.wait(10) == 1
    os.close(main)
    drawn = [each for each in re.split(r"[\r\n]+", shown.decode()) if each.strip()]
    bars = [each for each in drawn if re.match(r"(\[#*-*\] )?\d+/400 \d+%", each)]
    assert len(bars) >= 3
    assert max(map(len, drawn[1:-2])) < 60
    assert any("/s " in each and " left" in each for each in bars)
    assert any(each.startswith("399 of 400 delivered, 1 rejected") for each in drawn)
