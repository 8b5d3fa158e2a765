"""Feedback in plain words: documents instead of ids."""

from hocvu.portal.citations import with_citations
from tests.portal.world import World


def test_a_cited_fact_is_named_other_brackets_stay(world: World) -> None:
    facts = world.services.course.facts
    assert (
        with_citations("Không nên [thu]. Xem [thu-khac], [1].", facts) == "Không nên (Luật thử). Xem [thu-khac], [1]."
    )
