"""One fraud type a file, its thresholds in configs/detectors/ under the same basename; the folder is the registry."""
