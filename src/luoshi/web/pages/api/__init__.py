"""What the interface for programs is asked and answers, told from its own description."""
