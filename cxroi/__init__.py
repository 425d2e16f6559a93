"""CX ROI: is today's spend on customer experience too little, too much or about right?"""

import os

# Read once, when numpy is first loaded. The matrices here are small: threads waiting for each other on a busy machine
# with few cores make them several times slower. Whoever sets it otherwise is obeyed.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
