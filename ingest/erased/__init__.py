"""What was erased: tombstones, and how numbers are recognised without being kept."""
