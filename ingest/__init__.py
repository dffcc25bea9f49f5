"""Call detail records become the lake."""
