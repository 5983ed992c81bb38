"""The three rates of complaints by unit and street, and the theme of the month."""
