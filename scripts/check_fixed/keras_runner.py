"""Runs programs of Keras and of TensorFlow."""

import tensorflow as tf
from values import inputs, shapes


def run(module, seen):
    model = module.build()
    output = model(*[tf.constant(array) for array in inputs(module)])
    # Keras lists the layers of parallel branches by their distance to the output, which a further layer changes.
    weights = sorted(tuple(weight.shape) for weight in getattr(model, "weights", []))
    return {"shapes": shapes(output), "weights": weights}
