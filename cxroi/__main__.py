"""`python -m cxroi`: the same jobs as the app, from a terminal."""

import sys

from cxroi.cli import main

if __name__ == "__main__":
    sys.exit(main())
