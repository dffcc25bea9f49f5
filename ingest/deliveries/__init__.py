"""What is delivered: files, folders, patterns, archives and standard input, found, proven and opened."""
