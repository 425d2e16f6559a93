"""`python -m cxroi`: the same jobs as the app, from a terminal."""

import signal
import sys

from cxroi.cli import main

if __name__ == "__main__":
    # Being told to end is like Ctrl-C: the reader of a file is ended too, and nothing half done stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
