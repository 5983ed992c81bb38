"""The loop: what is due, what may happen next, and what an act does; pure, values in and values out."""
