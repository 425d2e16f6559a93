"""What holds for every test, settled before anything is imported."""

import os

# Two processes test beside each other. The package says the same of itself, but too late: a test may load numpy before it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
