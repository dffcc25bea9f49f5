"""Every face of the product; the only room that knows them all."""
