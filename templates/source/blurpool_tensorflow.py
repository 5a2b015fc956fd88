# Shiftlint BlurPool module for TensorFlow, version 1. MIT licence.
"""Downsampling without aliasing: every stride gets a low-pass filter of its own.

Each name is a drop-in for the strided original: it takes the same arguments and gives the same output shape. The
original runs at stride 1; a fixed depthwise filter (binomial, normalised, reflect padding) then does the subsampling.
A stride of 1 leaves the feature map as it is. `filter_size` is the number of its taps; `taps` names them one by one.
`same_kernel` is the kernel size of a convolution with SAME padding whose stride a BlurPool has: that padding depends on the stride.

    layers.MaxPooling2D(2)                    MaxBlurPool2D(2)
    layers.AveragePooling2D(2)                AvgBlurPool2D(2)
    layers.Conv2D(64, 3, strides=2)(x)        BlurPool2D(2)(layers.Conv2D(64, 3)(x)), behind the activation
    tf.nn.max_pool2d(x, 2, 2, "SAME")         max_blur_pool2d(x, 2, 2, "SAME")
    tf.nn.relu(tf.nn.conv2d(x, w, 2, "SAME")) blur_pool(tf.nn.relu(tf.nn.conv2d(x, w, 1, "SAME")), 2)

Source of the method: R. Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.
"""

import numpy as np
import tensorflow as tf

keras = tf.keras
layers = keras.layers
_register = keras.utils.register_keras_serializable


# include: tensorflow_ops


# include: keras_layers


def _format(data_format):
    """`channels_first` or `channels_last` for tf.nn's NHWC, NCHW and their like."""
    return "channels_first" if data_format is not None and data_format.startswith(("NC", "channels_first")) else "channels_last"


def _spatial(value, axes, data_format):
    """The spatial entries of tf.nn's ksize and strides, which may stand for batch and channels too."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if len(values) == axes + 2:
        values = values[2:] if _format(data_format) == "channels_first" else values[1:-1]
    return _per_axis(values, axes)


def blur_pool(x, strides=2, filter_size=3, data_format=None, *, taps=None, same_kernel=1):
    """Blurs and subsamples a map of rank 3 to 5: [N, ..., C], or [N, C, ...] with `data_format` NCHW or channels_first."""
    axes = len(x.shape) - 2
    steps = _per_axis(strides, axes)
    if max(steps) == 1:
        return x
    if keras.backend.is_keras_tensor(x):
        # While a functional model is built there are no sizes yet to work with.
        return (BlurPool1D, BlurPool2D, BlurPool3D)[axes - 1](steps, filter_size, _format(data_format), taps=taps)(x)
    return _blur_pool(tf.convert_to_tensor(x), steps, _taps(filter_size, taps), _format(data_format), same_kernel)


def _pool(run, layer, x, ksize, strides, padding, data_format, row):
    axes = len(x.shape) - 2
    size, steps = _spatial(ksize, axes, data_format), _spatial(strides, axes, data_format)
    if not isinstance(padding, str):
        # Amounts at both ends of every axis; what is added is never the maximum.
        x = tf.convert_to_tensor(x)
        x = tf.pad(x, padding, constant_values=x.dtype.min)
        padding = "VALID"
    if keras.backend.is_keras_tensor(x):
        return layer[axes - 1](size, steps, padding, _format(data_format), taps=row)(x)
    return run(tf.convert_to_tensor(x), size, steps, padding.lower(), row, _format(data_format))


def max_blur_pool(input, ksize, strides, padding, data_format=None, name=None, *, filter_size=3, taps=None):
    """tf.nn.max_pool without aliasing: the maximum at stride 1, then a blur."""
    layer = (MaxBlurPool1D, MaxBlurPool2D, MaxBlurPool3D)
    return _pool(_max_blur_pool, layer, input, ksize, strides, padding, data_format, _taps(filter_size, taps))


def avg_blur_pool(input, ksize, strides, padding, data_format=None, name=None, *, filter_size=None, taps=None):
    """tf.nn.avg_pool with a better filter than a box, at the same place."""
    layer = (AvgBlurPool1D, AvgBlurPool2D, AvgBlurPool3D)
    return _pool(_avg_blur_pool, layer, input, ksize, strides, padding, data_format, _taps(filter_size, taps))


max_blur_pool1d = max_blur_pool2d = max_blur_pool3d = max_blur_pool
avg_blur_pool1d = avg_blur_pool2d = avg_blur_pool3d = avg_blur_pool
