"""Dead letters for people: listed, exported, warned about."""
