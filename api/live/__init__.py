"""What happens while people watch."""
