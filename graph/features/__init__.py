"""Features of a number, one group a file, all listed in the catalogue."""
