"""Imports every version of every source that check-fixed-python.mjs has written and compares what they give."""

import importlib
import json
import os
import sys
import traceback

import numpy as np


def shapes(value):
    """The shapes of an output, however it is nested."""
    if isinstance(value, dict):
        return {key: shapes(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shapes(item) for item in value]
    return tuple(int(size) for size in value.shape) if hasattr(value, "shape") else type(value).__name__


def input_shapes(module):
    """INPUT_SHAPE is one shape or a list of them, batch first."""
    given = module.INPUT_SHAPE
    return [tuple(shape) for shape in given] if isinstance(given[0], (tuple, list)) else [tuple(given)]


def run_torch(module, seen):
    import torch

    torch.manual_seed(0)
    model = module.build()
    inputs = [torch.randn(shape) for shape in input_shapes(module)]
    if not isinstance(model, torch.nn.Module):
        return {"shapes": shapes(model(*inputs))}
    model.eval()
    with torch.no_grad():
        output = model(*inputs)
    state = model.state_dict()
    if "state" in seen:
        model.load_state_dict(seen["state"])
    seen.setdefault("state", state)
    return {"shapes": shapes(output), "keys": [(key, tuple(value.shape)) for key, value in state.items()]}


def run_other(module, seen):
    model = module.build()
    arrays = [np.random.default_rng(0).standard_normal(shape).astype("float32") for shape in input_shapes(module)]
    if type(model).__module__.startswith("flax") or any("flax" in base.__module__ for base in type(model).__mro__):
        return run_flax(model, arrays)
    import tensorflow as tf

    output = model(*[tf.constant(array) for array in arrays])
    # Keras lists the layers of parallel branches by their distance to the output, which a further layer changes.
    weights = sorted(tuple(weight.shape) for weight in getattr(model, "weights", []))
    return {"shapes": shapes(output), "weights": weights}


def run_flax(model, arrays):
    import jax

    if not hasattr(model, "init"):
        return {"shapes": shapes(model(*arrays))}
    variables = model.init(jax.random.PRNGKey(0), *arrays)
    output = model.apply(variables, *arrays, mutable=False)
    paths = [jax.tree_util.keystr(path) for path, _ in jax.tree_util.tree_flatten_with_path(variables)[0]]
    return {"shapes": shapes(output), "keys": paths}


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
    run = run_torch if os.path.basename(manifest) == "torch.json" else run_other
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
