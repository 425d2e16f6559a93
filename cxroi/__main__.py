"""`python -m cxroi` and the console command `cxroi`: the same jobs as the app, from a terminal."""

import signal
import sys
from typing import NoReturn

from cxroi.cli import main


def run() -> NoReturn:
    """Run the command that was typed, and end the process with its exit code."""
    # Being told to end is like Ctrl-C: the reader of a file is ended too, and nothing half done stays behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())


if __name__ == "__main__":
    run()
