"""Sequences of answers that nobody would think of: what is good comes through, and all is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeAlias

import pytest

from customerio_events._runtime.delivery.pacing import Backoff, Pacing
from delivery.simulation import EVER, Plan, Simulation

Simulate: TypeAlias = Callable[[Plan, float], Simulation]
HOUR = 3600.0


@pytest.fixture(name="simulate")
def simulated(monkeypatch: pytest.MonkeyPatch) -> Simulate:
    def simulate(plan: Plan, until: float = HOUR) -> Simulation:
        simulation = Simulation(plan, monkeypatch)
        simulation.play(until)
        return simulation

    return simulate


def any_plan(seed: int) -> Plan:
    """Few events or many, of keys that are good or not, and a server that often is not well."""
    chance = random.Random(seed)
    last = chance.choice([60.0, 400.0])
    keys = {}
    for number in range(chance.choice([1, 2, 4, 10])):
        kind = chance.choice(["good", "good", "good", "400", "403", "503", "gone"])
        mended = kind in ("403", "503") and chance.random() < 0.5
        name = f"gone{number}" if kind == "gone" else f"k{number}"
        keys[name] = (kind, last * chance.random() if mended else EVER)
    phases, at = [], 0.0
    while at < last:
        begin = at + chance.expovariate(1 / chance.choice([1, 10, 100]))
        at = begin + chance.expovariate(1 / chance.choice([1, 10, 300]))
        phases.append((begin, at, chance.choice(["401", "401", "503", "429", "later", "broken"])))
    times = [chance.choice([0.0, 1.0, last * chance.random()]) for _ in range(40)]
    away = last * chance.random()
    return Plan(
        puts=[(at, chance.choice([*keys, ""])) for at in sorted(times)],
        keys=keys,
        phases=phases,
        away=(away, away + 30) if chance.random() < 0.3 else None,
        takes=chance.random() < 0.5,
        concurrency=chance.choice([1, 2, 8, 32]),
        batch=chance.choice([1, 1, 3, 100]),
        slow=chance.choice([0.0, 0.2]),
        given_back=[last * chance.random() for _ in range(chance.choice([0, 5]))],
        resumed=[last * chance.random() for _ in range(chance.choice([0, 3]))],
        backoff=Backoff(
            pause=chance.choice([1.0, 30.0]), attempts=chance.choice([8, 50]), threshold=10
        ),
        seed=seed,
    )


@pytest.mark.parametrize("first", range(0, 200, 25))
def test_whatever_happens(simulate: Simulate, first: int) -> None:
    for seed in range(first, first + 25):
        plan = any_plan(seed)
        done = simulate(plan, plan.well + HOUR)
        assert not done.left, f"{seed}: never delivered"
        kinds = [plan.keys.get(done.keys[id], ("good", EVER))[0] for id in done.shelf.dead]
        assert "good" not in kinds, f"{seed}: given up, as nobody was let in"
        lacking = [n for id, n in done.tries.items() if done.keys[id].startswith("gone")]
        most = 20 + done.at / plan.backoff.pause
        assert max(lacking, default=0) < most, f"{seed}: asked again and again"


def test_whoever_was_excused_once_is_not_given_up_when_nobody_is_let_in(
    simulate: Simulate,
) -> None:
    """After one that was let in nowhere had been excused, all were that came next."""
    plan = Plan(
        puts=[(0, "bad"), *((0, f"u{n}") for n in range(5)), *((10, f"v{n}") for n in range(5))],
        keys={"bad": ("403", 5.0)},
        phases=[(9.0, HOUR, "401")],
    )
    done = simulate(plan, 2 * HOUR)
    assert not done.shelf.dead
    assert not done.left
    assert len(done.told) == 1
    assert len([at for at in done.requests if 60 < at < HOUR]) < 60


def test_a_batch_of_them_neither(simulate: Simulate) -> None:
    """All that had the answer of one request were excused together."""
    plan = Plan(
        puts=[(0, "bad"), *((0, f"u{n}") for n in range(5)), *((10, f"v{n}") for n in range(80))],
        keys={"bad": ("403", 5.0)},
        phases=[(9.0, HOUR, "401")],
        batch=100,
    )
    done = simulate(plan, 2 * HOUR)
    assert not done.shelf.dead
    assert not done.left
    assert len(done.told) == 1


def test_a_dead_letter_pauses_nobody(simulate: Simulate) -> None:
    """It was to blame, as those know who gave it up."""
    plan = Plan(
        puts=[(0, "bad"), *((n // 3, f"u{n}") for n in range(300))],
        keys={"bad": ("403", EVER)},
        backoff=Backoff(attempts=5),
    )
    done = simulate(plan, HOUR)
    assert len(done.shelf.dead) == 1
    assert not done.told


def test_who_was_tried_often_long_ago_comes_before_who_was_tried_just_now(
    simulate: Simulate,
) -> None:
    """Else a newer one that is let in nowhere is tried each time, until it was tried as often."""
    plan = Plan(
        puts=[(0, "good"), (7 * HOUR, "bad")],
        keys={"bad": ("403", EVER)},
        phases=[(0, 8 * HOUR, "401")],
    )
    done = simulate(plan, 24 * HOUR)
    assert not done.left
    assert done.delivered[1] < 8.5 * HOUR


def test_who_waits_for_another_version_is_not_tried_all_the_time(simulate: Simulate) -> None:
    """Nor to see whether the server is back: its answer would not tell."""
    plan = Plan(
        puts=[(0, "user"), (1, "gone"), (300, "user")],
        keys={"gone": ("gone", EVER)},
        phases=[(0, 100, "401")],
        away=(5, 40),
        takes=True,
    )
    done = simulate(plan, HOUR)
    assert done.tries[2] < 30


def test_a_refusal_is_old_where_one_that_went_out_later_got_through() -> None:
    pacing = Pacing(Backoff(), None)
    first, second, third = pacing.took(1.0), pacing.took(1.0), pacing.took(1.0)
    pacing.succeeded(third)
    assert not pacing.refused(1.1, "401", first, alone=False)
    assert not pacing.refused(1.1, "401", second, alone=False)
    assert not pacing.reason
    assert not pacing.broken


def test_a_pause_ends_with_the_first_that_gets_through() -> None:
    """Also where it began, by an answer to what went out before, while that one was under way."""
    pacing = Pacing(Backoff(), None)
    first, second = pacing.took(1.0), pacing.took(1.0)
    assert not pacing.refused(1.1, "401", first, alone=False)
    third = pacing.took(1.1)
    assert pacing.refused(1.2, "401", second, alone=False)
    pacing.succeeded(third)
    assert pacing.wait(1.3) == 0


def test_what_the_server_wished_outlasts_a_pause() -> None:
    pacing = Pacing(Backoff(), None)
    assert pacing.refused(1.1, "401", pacing.took(1.0), alone=True)
    pacing.hold(1.1, 200.0)
    pacing.succeeded(pacing.took(60.0))
    assert pacing.wait(61.0) == pytest.approx(140.1)


def test_a_client_that_was_closed_is_told_of(simulate: Simulate) -> None:
    """Whoever was excused before."""
    plan = Plan(
        puts=[(0, "bad"), *((0, f"u{n}") for n in range(3)), *((10, f"v{n}") for n in range(3))],
        keys={"bad": ("403", EVER)},
        phases=[(9.0, HOUR, "closed")],
    )
    done = simulate(plan, HOUR)
    assert len(done.told) == 1
