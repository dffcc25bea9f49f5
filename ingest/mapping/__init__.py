"""An operator's mapping: which field of a file is which canonical column, and how its files are written."""
