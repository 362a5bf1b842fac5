"""`bin/bench NAME`: measurements with the demo community. NAME is the module to run."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = sorted(file.stem for file in Path(__file__).parent.glob("[a-z]*.py"))


def main(words: Sequence[str]) -> int:
    """Run one measurement. Returns the exit code."""
    if not words or words[0] not in NAMES:
        sys.stderr.write(f"bin/bench measures one of: {', '.join(NAMES)}. For example: bin/bench pages\n")
        return 2
    return importlib.import_module(f"bench.{words[0]}").main(words[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
