"""Imports every version of every source that check-fixed-python.mjs has written and compares what they give: `check.py out/fixed-python/FRAMEWORK.json`."""

import importlib
import json
import os
import sys
import traceback


def check(job, run):
    """Problems of one source, the number of versions that ran, and why it cannot run at all."""
    problems, seen, expected, count = [], {}, None, 0
    for version in job["versions"]:
        try:
            module = importlib.import_module(f"{job['folder']}.{version}")
            result = run(module, seen)
        except Exception as error:
            if version == "original" and isinstance(error, (ImportError, SyntaxError)):
                return [], 0, f"{type(error).__name__}: {error}"
            problems.append(f"{job['name']} {version}: {traceback.format_exc(limit=-3)}")
            if version == "original":
                break
            continue
        count += 1
        expected = expected or result
        if result != expected:
            problems.append(f"{job['name']} {version}: {result}\n  instead of {expected}")
    return problems, count, None


def main():
    manifest = sys.argv[1]
    base = os.path.dirname(manifest)
    sys.path.insert(0, base)
    # Frameworks run their programs each in its own way: torch_runner.py, keras_runner.py, ...
    run = importlib.import_module(os.path.basename(manifest).replace(".json", "_runner")).run
    total, failed = 0, 0
    for job in json.load(open(manifest)):
        sys.path.insert(1, os.path.join(base, job["folder"]))
        problems, count, reason = check(job, run)
        sys.path.pop(1)
        total += count
        failed += len(problems)
        said = f"not run, {reason}" if reason else f"{count - 1} fixed versions"
        print("\n".join(problems) if problems else f"{job['name']}: {said}")
    print(f"{total} programs ran, {failed} failed.")
    sys.exit(1 if failed else 0)


main()
