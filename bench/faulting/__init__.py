"""Faults on purpose, and whether anything came of them. `bin/bench faults`; see docs/performance.md."""
