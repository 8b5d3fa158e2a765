"""How sure a learner is of an answer: asked on every face in the same words, never graded."""

from collections.abc import Mapping

STEPS: Mapping[int, str] = {1: "Đoán", 2: "Hơi chắc", 3: "Khá chắc", 4: "Chắc", 5: "Rất chắc"}
ASKED = "Anh/chị chắc đến đâu?"
NOT_GRADED = "(không chấm)"
SURE = "chac."  # a confidence field's name, before the item id


def read_confidence(found: object) -> dict[str, int]:
    """Return {item id: step} of what was kept, empty where it is not that."""
    if not isinstance(found, Mapping):
        return {}
    return {item: step for item, step in found.items() if isinstance(item, str) and type(step) is int and step in STEPS}
