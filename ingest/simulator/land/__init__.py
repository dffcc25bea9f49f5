"""The country: its numbering, places, carriers, lines and equipment."""
