"""`python -m hocvu` is the command `hocvu`."""

import sys

from hocvu.cli import main

sys.exit(main())
