"""What the design promises beside what this machine does: `python -m benchmarks`. One module a part, each with `run`."""

__all__: list[str] = []
