# Shiftlint BlurPool module for Keras, version 1. MIT licence.
"""Downsampling without aliasing: every stride gets a low-pass filter of its own.

Each name is a drop-in for the strided original: it takes the same arguments and gives the same output shape. The
original runs at stride 1; a fixed depthwise filter (binomial, normalised, reflect padding) then does the subsampling.
A stride of 1 leaves the feature map as it is. `filter_size` is the number of its taps; `taps` names them one by one.
`same_kernel` is the kernel size of a convolution with SAME padding whose stride a BlurPool has: that padding depends on the stride.

    layers.MaxPooling2D(2)                    MaxBlurPool2D(2)
    layers.AveragePooling2D(2)                AvgBlurPool2D(2)
    layers.Conv2D(64, 3, strides=2)(x)        BlurPool2D(2)(layers.Conv2D(64, 3)(x)), behind the activation

Source of the method: R. Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.
"""

import keras
import numpy as np

try:
    from keras import ops
except ImportError:  # Keras 2 has TensorFlow as its only backend.
    import tensorflow as tf

    # include: tensorflow_ops


layers = keras.layers
_register = (getattr(keras, "saving", None) or keras.utils).register_keras_serializable


# include: keras_layers


def blur_pool(x, strides=2, filter_size=3, data_format=None, *, taps=None, same_kernel=1):
    """Blurs and subsamples a map of rank 3 to 5: [N, ..., C], or [N, C, ...] with `data_format="channels_first"`."""
    axes = len(x.shape) - 2
    steps = _per_axis(strides, axes)
    if max(steps) == 1:
        return x
    if keras.backend.is_keras_tensor(x):
        # While a functional model is built there are no sizes yet to work with.
        return (BlurPool1D, BlurPool2D, BlurPool3D)[axes - 1](steps, filter_size, data_format, taps=taps, same_kernel=same_kernel)(x)
    return _blur_pool(ops.convert_to_tensor(x), steps, _taps(filter_size, taps), data_format or _default_data_format(), same_kernel)
