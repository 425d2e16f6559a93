"""The verdict and what stands around it: health of the evidence, steps, sensitivity, allocation, the pilot to run."""
