"""Every bench of the lessons by its name. A new bench is one line here; pages, notebooks and grading find it."""

from collections.abc import Mapping

from hocvu.labs import counters_bench, learning_bench, next_word_bench, request_bench, self_check, threshold_bench
from hocvu.labs.bench import Bench

ALL: tuple[Bench, ...] = (
    counters_bench.BENCH,
    self_check.BENCH,
    learning_bench.BENCH,
    threshold_bench.BENCH,
    next_word_bench.BENCH,
    next_word_bench.TWO_TEMPERATURES,
    request_bench.BENCH,
)
BENCHES: Mapping[str, Bench] = {bench.name: bench for bench in ALL}
