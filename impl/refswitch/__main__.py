"""`python -m refswitch` is the command `refswitch`."""

import sys

from .cli import main

sys.exit(main())
