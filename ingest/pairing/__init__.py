"""Records of a call's beginning and of its end become one call."""
