"""What people do without any trade or trick: their circles, and how they call and text in them."""
