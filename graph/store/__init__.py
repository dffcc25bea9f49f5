"""The graph store: one port, two stores."""
