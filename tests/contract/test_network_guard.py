"""The guard of tests/conftest.py keeps tests on this machine."""

import contextlib
import os
import socket
from typing import Any

import pytest

OTHER_MACHINE = "192.0.2.1"  # reserved for documentation: belongs to nobody (RFC 5737)


@pytest.mark.parametrize("host", [OTHER_MACHINE, "2001:db8::1", "crm.example"])
def test_other_machines_are_refused(network_guard: Any, host: str) -> None:
    with pytest.raises(network_guard.error, match="stay on this machine"):
        socket.create_connection((host, 9), timeout=1)
    assert network_guard.attempts == [host]
    network_guard.attempts.clear()


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_a_bare_socket_is_refused(network_guard: Any, method: str) -> None:
    with socket.socket() as sock, pytest.raises(network_guard.error):
        getattr(sock, method)((OTHER_MACHINE, 9))
    network_guard.attempts.clear()


def test_datagrams_are_refused(network_guard: Any) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        pytest.raises(network_guard.error),
    ):
        sock.sendto(b"", (OTHER_MACHINE, 9))
    network_guard.attempts.clear()


def test_a_swallowed_refusal_is_remembered(network_guard: Any) -> None:
    with contextlib.suppress(RuntimeError):
        socket.getaddrinfo("crm.example", 443)
    assert network_guard.attempts == ["crm.example"]
    network_guard.attempts.clear()


def test_this_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = ("localhost", server.getsockname()[1])
        with socket.create_connection(address, timeout=5) as client, server.accept()[0] as peer:
            peer.sendall(b"hello")
            assert client.recv(5) == b"hello"


def test_telemetry_is_off() -> None:
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert os.environ["DO_NOT_TRACK"] == "true"
    assert os.environ["MPLBACKEND"] == "Agg"
