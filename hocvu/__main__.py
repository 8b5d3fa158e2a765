"""`python -m hocvu` is the command `hocvu`."""

import sys

from hocvu.cli.commands import main

sys.exit(main())
