"""A snapshot becomes embeddings. The room is empty: nothing is scored by a neural network yet."""
