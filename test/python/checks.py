"""Counts what the scripts beside it check."""

import sys

_passed = _failed = 0


def check(name, ok):
    """Counts one check, and names it where it fails."""
    global _passed, _failed
    if ok:
        _passed += 1
    else:
        _failed += 1
        print("FAILED", name, flush=True)


def finish():
    """Says how many passed, and ends the script: with 1 where one failed."""
    print(f"{_passed} checks passed, {_failed} failed.")
    sys.exit(1 if _failed else 0)
