"""Cheat: modules of one's own in place of real ones: import hooks, sys.modules, files beside the notebook."""

import pytest

from tests.attacks.code_story import gains_nothing
from tests.codegrading.story import Classroom

WRONG = "def price(n): return 0\nlate = 0\n"
FAKE = "def __getattr__(name): return lambda *a, **k: True"
HOOKS = [
    f"for name in ('math', 'numpy', 'unittest', 'sitecustomize', 'hocvu'):\n"
    f"    open(name + '.py', 'w').write({FAKE!r})\n"
    "import sys, importlib\nfor name in ('math', 'numpy', 'unittest'):\n    sys.modules.pop(name, None)\n"
    "importlib.invalidate_caches()\nimport math, numpy, unittest",
    "import sys, types\nclass Fake(types.ModuleType):\n    def __getattr__(self, name): return lambda *a, **k: True\n"
    "for name in ('math', 'numpy', 'unittest'):\n    sys.modules[name] = Fake(name)",
    "import sys\nclass Finder:\n    def find_spec(self, name, path=None, target=None): raise ImportError(name)\n"
    "sys.meta_path.insert(0, Finder())\nsys.path_hooks.clear()\nsys.path[:] = ['.']",
    "import os\n"
    "for name in ('.ipython', 'usercustomize.py', 'nbgrader_config.py', 'ipykernel_launcher.py', 'conftest.py'):\n"
    "    open(name, 'w').write('raise SystemExit(0)')",
    "import os\nos.makedirs('hocvu/codegrading', exist_ok=True)\nopen('hocvu/codegrading/testcell.py', 'w').write('')\n"
    "os.environ.update(PYTHONPATH='.', PYTHONSTARTUP='x.py', NBGRADER_VALIDATING='1')",
]


@pytest.mark.parametrize("hook", HOOKS)
def test_the_tests_import_their_own(room: Classroom, hook: str) -> None:
    gains_nothing(room, {"price": WRONG + hook})
