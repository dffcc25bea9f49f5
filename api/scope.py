"""The scope: the set of operators that is analysed together. There is one so far, of every operator of the home."""

SCOPE = "all"
