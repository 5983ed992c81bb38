"""What a unit has to do: due today, this week, overdue; signing and reporting in place, many on one page."""
