"""Every shipped mapping on files made after its format's public documentation."""
