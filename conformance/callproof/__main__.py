"""`python -m callproof`."""

from __future__ import annotations

import sys

from callproof.cli import main

if __name__ == "__main__":
    sys.exit(main())
