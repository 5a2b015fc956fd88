"""What programs are given, and what is compared of what they give."""

import numpy as np


def shapes(value):
    """The shapes of an output, however it is nested."""
    if isinstance(value, dict):
        return {key: shapes(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shapes(item) for item in value]
    return tuple(int(size) for size in value.shape) if hasattr(value, "shape") else type(value).__name__


def inputs(module):
    """Random arrays: INPUT_SHAPE is one shape or a list of them, batch first."""
    given = module.INPUT_SHAPE
    several = [tuple(shape) for shape in given] if isinstance(given[0], (tuple, list)) else [tuple(given)]
    return [np.random.default_rng(0).standard_normal(shape).astype("float32") for shape in several]
