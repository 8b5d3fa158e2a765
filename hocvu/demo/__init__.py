"""The demo world: fictitious units, people and a year of histories, made through the real submission path."""

from hocvu.demo.world import DEMO_LOGINS, DEMO_PASSWORD, seed_demo

__all__ = ["DEMO_LOGINS", "DEMO_PASSWORD", "seed_demo"]
