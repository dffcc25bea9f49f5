"""A snapshot becomes embeddings: a graph network learns without labels what numbers and their contacts are like.

`embeddings.py` reads what was made and `extra.py` says whether more can be made; neither imports torch.
"""
