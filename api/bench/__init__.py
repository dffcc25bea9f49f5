"""How fast every stage is, each measured in a process of its own, beside a baseline that many would write first."""
