"""What is shown when something cannot be done."""
