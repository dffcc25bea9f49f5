"""Who there is: how many of each kind, which numbers they hold and what they own."""
