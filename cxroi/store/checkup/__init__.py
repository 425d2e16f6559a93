"""What is wrong with a workspace, found by looking: nothing is made, mended or swept."""
