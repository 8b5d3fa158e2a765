"""Cheat: send what I saw to somebody outside, or ask them for the answer."""

import socket
import uuid

import pytest

from tests.attacks.story import Learner


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_VSOCK", "AF_PACKET"])
@pytest.mark.parametrize("kind", ["SOCK_STREAM", "SOCK_DGRAM", "SOCK_RAW"])
def test_no_kind_of_socket_can_be_made(learner: Learner, family: str, kind: str) -> None:
    assert learner.is_refused(f"import socket; socket.socket(socket.{family}, socket.{kind})")


def test_not_even_a_pair_of_sockets(learner: Learner) -> None:
    assert learner.is_refused("import socket; socket.socketpair()")


def test_nobody_calls_a_port_of_this_machine(learner: Learner) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert learner.error_of(f"import socket; socket.create_connection(('127.0.0.1', {port}), 1)")
        assert learner.error_of(f"import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/', timeout=1)")
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_nobody_calls_an_abstract_socket(learner: Learner) -> None:
    name = f"\0hocvu-{uuid.uuid4()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(name)
        listener.setblocking(False)
        assert learner.is_refused(
            f"import socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', {name!r})"
        )
        with pytest.raises(BlockingIOError):
            listener.recv(1)


def test_no_name_is_looked_up(learner: Learner) -> None:
    assert learner.is_refused("import socket; socket.getaddrinfo('example.org', 80)", socket.gaierror, PermissionError)
