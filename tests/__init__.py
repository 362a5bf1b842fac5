"""The suite. Reading it makes next to no garbage: the collector rests until all is read (quick.keep_what_was_read)."""

import gc
import sys

if "pytest" in sys.modules:  # not in a server of the tests
    gc.disable()
