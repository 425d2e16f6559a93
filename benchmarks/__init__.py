"""Speed as ratios, each against a named baseline measured side by side in the same run; and the calibration study."""
