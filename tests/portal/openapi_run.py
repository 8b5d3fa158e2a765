"""A run of schemathesis over the API for other systems, in this process: every phase, a bounded number of examples."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from tests.portal.world import PORTAL, World

READS, OAUTH = r"^/api/v1/(scores|people|units|snapshots)", r"^/api/v1/oauth"


def find_faults(world: World, paths: str, authorization: str, *, examples: int) -> tuple[list[str], int]:
    """Return what schemathesis finds at these paths, in words, and how many calls it made."""
    config = SchemathesisConfig(seed=20_270_101, color=False)
    config.projects.default.update(base_url=PORTAL, headers={"Authorization": authorization}, workers=1)
    config.projects.default.generation.max_examples = examples
    schema = schemathesis.openapi.from_dict(world.app.openapi(), config=config)
    schema.app = world.app
    schema = schema.include(path_regex=paths)
    faults: list[str] = []
    calls = 0
    with quiet():
        for event in from_schema(schema).execute():
            if isinstance(event, ScenarioFinished):
                calls += len(event.recorder.interactions)
                faults += list(_failures(event))
            elif isinstance(event, (NonFatalError, FatalError)):
                faults.append(repr(event))
    return faults, calls


def _failures(event: ScenarioFinished) -> Iterator[str]:
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                failure: Any = check.failure_info.failure
                yield f"{event.label}: {failure.title}: {failure.message}\n{check.failure_info.code_sample}"


@contextmanager
def quiet() -> Iterator[None]:
    """Its own warnings are not ours to mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
