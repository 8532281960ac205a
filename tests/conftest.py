"""What every test shares: a quiet environment, no network beyond this machine, and outside data."""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Set before anything imports MLflow or matplotlib, and inherited by the programs tests start.
# MLflow reads DO_NOT_TRACK too, but only the word "true" counts there: "1" leaves it on.
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
os.environ["DO_NOT_TRACK"] = "true"
os.environ["MPLBACKEND"] = "Agg"

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


class OutgoingConnectionError(RuntimeError):
    """A test tried to reach another machine."""


class NetworkGuard:
    """Refuses what leaves this machine, and remembers it in case a library hides the refusal.

    It sees Python's own sockets: not C libraries (libpq) and not other processes.
    """

    error = OutgoingConnectionError

    def __init__(self) -> None:
        self.attempts: list[str] = []

    def check(self, host: object) -> None:
        """Raise unless the host (a name or an IP address) is this machine."""
        name = host.decode() if isinstance(host, bytes) else host
        if not isinstance(name, str) or _is_this_machine(name):
            return
        self.attempts.append(name)
        raise OutgoingConnectionError(
            f"A test tried to reach {name!r}; tests stay on this machine. "
            "Give the code under test a local stand-in."
        )

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """Put the check in front of every way Python's sockets have of reaching a host."""
        for method in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, method, self._on_address(getattr(socket.socket, method)))
        for function in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
            patch.setattr(socket, function, self._on_host(getattr(socket, function)))

    def _on_address(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(sock: socket.socket, *args: Any) -> Any:
            if sock.family in (socket.AF_INET, socket.AF_INET6) and args:
                self.check(args[-1][0])  # the address is the last argument of all three
            return original(sock, *args)

        return guarded

    def _on_host(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(host: Any, *args: Any, **kwargs: Any) -> Any:
            self.check(host)
            return original(host, *args, **kwargs)

        return guarded


def _is_this_machine(name: str) -> bool:
    if name in ("", "localhost", socket.gethostname()):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(scope="session")
def _installed_guard() -> Iterator[NetworkGuard]:
    guard = NetworkGuard()
    with pytest.MonkeyPatch.context() as patch:
        guard.install(patch)
        yield guard


@pytest.fixture(autouse=True)
def network_guard(_installed_guard: NetworkGuard) -> Iterator[NetworkGuard]:
    """Fail the test that tried to reach another machine, even where the refusal was swallowed."""
    _installed_guard.attempts.clear()
    yield _installed_guard
    if _installed_guard.attempts:
        pytest.fail(f"reached for other machines: {sorted(set(_installed_guard.attempts))}")


def _beside_the_checkout(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"needs ../shared/{name} beside the checkout, which is absent")
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets; read only."""
    return _beside_the_checkout("data")


@pytest.fixture(scope="session")
def bad_input() -> Path:
    """The folder of hostile and malformed files; read only."""
    return _beside_the_checkout("badinput")
