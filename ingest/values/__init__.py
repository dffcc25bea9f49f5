"""What fields of a record say: numbers, times, lengths, texts; plain spellings as columns, the rest one by one."""
