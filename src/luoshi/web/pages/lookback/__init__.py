"""Look backs: matters drawn by a stated rule with a seed, what was found, and the draw checked by drawing again."""
