"""The public record: pages without sign-in, made from what was released and from nothing else."""
