"""REST: the faces that existing clients know, health, and the page."""
