"""Brakes on whoever knocks too often: how long a name, an address or a client must wait, kept in this process."""

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request

from hocvu.portal.errors import ApiError
from hocvu.portal.services import Services

MOST_KEYS = 20_000  # kept per brake: a crowd of invented names or addresses must not take the memory
QUARTER = timedelta(minutes=15)
FREE = timedelta()


@dataclass(frozen=True)
class Limit:
    """At most `count` at once; they come back one by one, all of them within `window`."""

    count: int
    window: timedelta

    @property
    def gap(self) -> timedelta:
        return self.window / self.count


class Brake:
    """Counts by key. A key costs one moment of memory (GCRA): when all that it has taken will be given back."""

    def __init__(self, limit: Limit, most_keys: int = MOST_KEYS) -> None:
        self.limit = limit
        self._most_keys = most_keys
        self._paid_at: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._paid_at)

    def wait(self, key: str, now: datetime) -> timedelta:
        """Return how long the key must wait; zero: it may go on."""
        with self._lock:
            return self._wait(key, now)

    def take(self, key: str, now: datetime) -> timedelta:
        """Count one and return zero, or count nothing and return how long the key must wait."""
        with self._lock:
            wait = self._wait(key, now)
            if not wait:
                self._paid_at[key] = max(self._paid_at.get(key, now), now) + self.limit.gap
                self._paid_at.move_to_end(key)
                while len(self._paid_at) > self._most_keys:
                    self._paid_at.popitem(last=False)
            return wait

    def give_back(self, key: str) -> None:
        """Take one less."""
        with self._lock:
            if key in self._paid_at:
                self._paid_at[key] -= self.limit.gap

    def forget(self, key: str) -> None:
        """Clear what the key has taken."""
        with self._lock:
            self._paid_at.pop(key, None)

    def _wait(self, key: str, now: datetime) -> timedelta:
        free_at = self._paid_at.get(key, now) + self.limit.gap - self.limit.window
        return max(free_at - now, FREE)


@dataclass(frozen=True)
class Door:
    """Where people guess. A try counts before it is checked: many at the same moment do not slip through."""

    name: Brake
    address: Brake

    def knock(self, name: str, address: str, now: datetime) -> timedelta:
        """Count a try and return zero, or how long this name or address must wait; invented names wait as real ones."""
        return self.address.take(address, now) or self.name.take(name, now)

    def open(self, name: str, address: str) -> None:
        """It was the right key: the name starts anew, the address has one try less on its account."""
        self.name.forget(name)
        self.address.give_back(address)


def _door() -> Door:
    """Return the limits of log-in and activation. An office of many people shares one address."""
    return field(default_factory=lambda: Door(Brake(Limit(8, QUARTER)), Brake(Limit(100, QUARTER))))


def _brake(count: int, window: timedelta) -> Brake:
    return field(default_factory=lambda: Brake(Limit(count, window)))


@dataclass(frozen=True)
class Brakes:
    """All brakes of one portal."""

    login: Door = _door()
    activation: Door = _door()
    token: Brake = _brake(60, timedelta(minutes=10))  # tokens of one client, which needs two an hour
    token_address: Brake = _brake(60, QUARTER)  # refusals at the token's door
    check_address: Brake = _brake(240, timedelta(minutes=1))  # public check pages


def brakes_of(request: Request) -> Brakes:
    brakes: Brakes = request.app.state.brakes
    return brakes


def address_of(request: Request) -> str:
    """Return whom to count: the address, of IPv6 the network of 64 bits that one household or office has.

    Behind a proxy it is the client's only if HOCVU_TRUSTED_PROXIES names the proxy; else everybody is the proxy.
    """
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    mapped = getattr(address, "ipv4_mapped", None) or address
    return str(ipaddress.ip_network((mapped, 64), strict=False)) if mapped.version == 6 else str(mapped)


def too_many(wait: timedelta, what: str = "Có quá nhiều yêu cầu liền nhau từ địa chỉ mạng này.") -> ApiError:
    """Return the refusal: how long to wait, for people in words and for programs in Retry-After."""
    return ApiError(429, message=f"{what} {wait_words(wait)}", headers={"Retry-After": str(seconds(wait))})


def seconds(wait: timedelta) -> int:
    """Return whole seconds, rounded up: who comes back then is let in."""
    return -(-wait // timedelta(seconds=1))


def wait_words(wait: timedelta) -> str:
    """Return what to do: `Anh/chị chờ 2 phút rồi thử lại.`"""
    whole = seconds(wait)
    return f"Anh/chị chờ {f'{whole} giây' if whole <= 90 else f'{-(-whole // 60)} phút'} rồi thử lại."


def brake_checks(request: Request) -> None:
    """Refuse with 429 who asks the public check pages more often than people do."""
    services: Services = request.app.state.services
    wait = brakes_of(request).check_address.take(address_of(request), services.clock())
    if wait:
        raise too_many(wait)


Braked = Annotated[None, Depends(brake_checks)]
