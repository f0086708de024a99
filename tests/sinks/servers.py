"""Real servers of one's own: on free ports of loopback, with their data in a temporary folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
import redis

_PATIENCE = 60.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def program(package: str, *places: str) -> str:
    """The path of a server's program, or the test is skipped: never in CI."""
    for place in places:
        if found := shutil.which(place):
            return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{places[0]} is not installed: .ci/run installs {package}")
    pytest.skip(f"{places[0]} is not installed: apt-get install {package}")


class Server:
    """A server that can be stopped, killed and started again with the same data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        return os.environ

    def is_ready(self) -> bool:
        raise NotImplementedError

    def start(self) -> None:
        self._begin()
        until(self._is_up, "the server is not ready", _PATIENCE)

    def _is_up(self) -> bool:
        """Whether it is ready; one that gives up is begun again, as what was killed may linger."""
        if self._process is not None and self._process.poll() is not None:
            time.sleep(0.2)
            self._begin()
        return self.is_ready()

    def _begin(self) -> None:
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(
            self.command(),
            cwd=self.folder,
            env=dict(self.environment()),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()

    def kill(self) -> None:
        """End it and all that it started, as a power cut does."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill_all(self) -> None:
        """End it, and what it leaves behind."""
        self.kill()

    def restart(self, pause: float = 0.0) -> None:
        self.kill()
        time.sleep(pause)
        self.start()


class RedisServer(Server):
    """Redis that has on disk what it has accepted."""

    def command(self) -> Sequence[str]:
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self.folder),
            "save": "",
            "appendonly": "yes",
            "appendfsync": "always",
            "maxmemory-policy": "noeviction",
        }
        given = [text for name, value in options.items() for text in (f"--{name}", value)]
        return [program("redis-server", "redis-server"), *given]

    def client(self) -> redis.Redis:
        return redis.Redis(port=self.port)

    def is_ready(self) -> bool:
        with self.client() as client, contextlib.suppress(redis.RedisError):
            return bool(client.ping())
        return False


class PostgresServer(Server):
    """PostgreSQL, which refuses to be run by root."""

    _places = tuple(f"/usr/lib/postgresql/{version}/bin" for version in range(18, 12, -1))

    def _program(self, name: str) -> list[str]:
        places = (name, *(f"{folder}/{name}" for folder in self._places))
        return [*self._as_user(), program("postgresql", *places)]

    def _as_user(self) -> list[str]:
        if os.getuid() != 0:
            return []
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]

    def command(self) -> Sequence[str]:
        data = self.folder / "data"
        if not data.exists():
            self._create(data)
        settings = (
            "listen_addresses=127.0.0.1",
            f"port={self.port}",
            f"unix_socket_directories={data}",
            "max_connections=60",
        )
        given = [text for setting in settings for text in ("-c", setting)]
        return [*self._program("postgres"), "-D", str(data), *given]

    def _create(self, data: Path) -> None:
        data.mkdir()
        if os.getuid() == 0:
            shutil.chown(data, "postgres", "postgres")
        options = ["--auth=trust", "--username=test", "--no-sync", "--encoding=UTF8"]
        command = [*self._program("initdb"), "-D", str(data), *options]
        subprocess.run(command, cwd=data, check=True, capture_output=True)

    @property
    def dsn(self) -> str:
        return f"host=127.0.0.1 port={self.port} user=test dbname=postgres"

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.dsn, connect_timeout=5)

    def is_ready(self) -> bool:
        with contextlib.suppress(psycopg.Error), self.connect():
            return True
        return False


class RabbitServer(Server):
    """RabbitMQ, with a node, an epmd and a cookie of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._epmd_port, self._node_port = free_port(), free_port()
        self._epmd: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str]:
        place = "/usr/lib/rabbitmq/bin/rabbitmq-server"
        return [program("rabbitmq-server", place)]

    def environment(self) -> Mapping[str, str]:
        folder = str(self.folder)
        own = {
            "HOME": folder,
            "RABBITMQ_NODENAME": "test@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._node_port),
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": folder,
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/none",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._epmd_port),
        }
        return {**os.environ, **own}

    def start(self) -> None:
        if self._epmd is None:
            (self.folder / "enabled_plugins").write_text("[].\n")
            (self.folder / "rabbitmq.conf").write_text("log.console.level = warning\n")
            self._epmd = subprocess.Popen(
                [program("rabbitmq-server", "epmd"), "-port", str(self._epmd_port)],
                env=dict(self.environment()),
            )
        super().start()

    def kill_all(self) -> None:
        self.kill()
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()

    def is_ready(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), 5) as sock,
        ):
            sock.sendall(b"AMQP\x00\x00\x09\x01")
            return sock.recv(1) == b"\x01"
        return False


def until(
    holds: Callable[[], object], otherwise: str, seconds: float = 30.0, every: float = 0.02
) -> None:
    """Wait for something to hold."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(every)


_Kind = TypeVar("_Kind", bound=Server)


@contextlib.contextmanager
def running(kind: type[_Kind]) -> Iterator[_Kind]:
    """A server for a while."""
    with tempfile.TemporaryDirectory(prefix="eventwright-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # the user that PostgreSQL runs as has to get there
        server = kind(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.kill_all()


def for_module(kind: type[_Kind]) -> Callable[[], Iterator[_Kind]]:
    """A fixture: one server for the tests of a module."""

    @pytest.fixture(scope="module")
    def server() -> Iterator[_Kind]:
        with running(kind) as made:
            yield made

    return server
