"""Cheat: change something that the next learner's session will meet."""

from hocvu.sandbox import Warm
from tests.attacks.story import Learner, needs_root

POISON = """
import builtins, json, os, sys, random
open('/tmp/json.py', 'w').write('raise SystemExit')
builtins.len = lambda x: 42
json.dumps = lambda *a, **k: '{}'
sys.modules['math'] = None
random.seed(1)
os.chmod('/tmp', 0o777)
"""
# Folders are there only where Python itself lies below /tmp.
FILES = "[one for one in os.listdir('/tmp') if not os.path.isdir('/tmp/' + one)]"


def test_nothing_of_a_session_is_met_by_the_next(warm: Warm) -> None:
    with Learner(warm, grace_s=0.1) as first:
        first.dies_of(POISON, 0.3)
    with Learner(warm) as second:
        assert second.runs(f"import os, math; answer = [len('abc'), {FILES}, math.floor(1.5)]") == [3, [], 1]


def test_nor_by_one_beside_it(warm: Warm) -> None:
    with Learner(warm, grace_s=0.1) as first, Learner(warm) as second:
        first.dies_of(POISON, 0.3)
        assert second.runs(f"import os, math; answer = [len('abc'), {FILES}]") == [3, []]
        assert second.uid != 0


@needs_root
def test_two_sessions_are_two_users(warm: Warm) -> None:
    with Learner(warm, grace_s=0.1) as first, Learner(warm) as second:
        assert first.uid != second.uid
