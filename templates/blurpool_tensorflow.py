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


class ops:
    """The operations that Keras 3 calls `keras.ops`, for Keras 2 as well."""

    cast = staticmethod(tf.cast)
    take = staticmethod(lambda x, indices, axis: tf.gather(x, indices, axis=axis))
    pad = staticmethod(lambda x, pads, mode: tf.pad(x, pads, mode))
    transpose = staticmethod(lambda x, axes: tf.transpose(x, axes))
    convert_to_tensor = staticmethod(tf.convert_to_tensor)
    expand_dims = staticmethod(tf.expand_dims)
    squeeze = staticmethod(lambda x, axis: tf.squeeze(x, [axis]))
    arange = staticmethod(tf.range)
    shape = staticmethod(tf.shape)
    abs = staticmethod(tf.abs)
    minimum = staticmethod(tf.minimum)
    maximum = staticmethod(tf.maximum)
    where = staticmethod(tf.where)
    max_pool = staticmethod(lambda x, size, strides, padding: tf.nn.max_pool(x, size, strides, padding.upper()))
    average_pool = staticmethod(lambda x, size, strides, padding: tf.nn.avg_pool(x, size, strides, padding.upper()))

    @staticmethod
    def depthwise_conv(x, kernel, strides, padding):
        return tf.nn.depthwise_conv2d(x, kernel, [1, strides, strides, 1], padding.upper())


def _default_data_format():
    return keras.backend.image_data_format()


def _per_axis(value, axes):
    """`value` for each of `axes` spatial axes, given once or once an axis."""
    values = tuple(int(v) for v in value) if isinstance(value, (tuple, list)) else (int(value),)
    if len(values) not in (1, axes):
        raise ValueError(f"expected one value or {axes}, not {value}")
    return values * axes if len(values) == 1 else values


def _binomial(size):
    """Row `size - 1` of Pascal's triangle divided by its sum: [1], [1, 1] / 2, [1, 2, 1] / 4, ..."""
    if not 1 <= size <= 7:
        raise ValueError(f"filter_size must be between 1 and 7, not {size}")
    row = [1.0]
    for _ in range(size - 1):
        row = [a + b for a, b in zip([0.0] + row, row + [0.0])]
    return [value / 2 ** (size - 1) for value in row]


def _taps(filter_size, taps):
    """The filter itself: `taps`, or the binomial one of `filter_size` taps where none are given; None without a size."""
    if taps is None:
        return None if filter_size is None else _binomial(filter_size)
    row = [float(tap) for tap in taps]
    if abs(sum(row) - 1) > 1e-6:
        raise ValueError(f"the taps of a low-pass filter have a sum of 1, not {sum(row)}")
    return row


def _size(x, axis):
    """Samples along an axis: a number, or a tensor where a graph leaves the size open."""
    return ops.shape(x)[axis] if x.shape[axis] is None else int(x.shape[axis])


def _extend(x, axis, before, after):
    """Adds samples at both ends of an axis by reflection, where the map is too small for that by repeating its edge;
    negative amounts crop."""
    size = _size(x, axis)
    if isinstance(before, int) and isinstance(after, int):
        if before == 0 and after == 0:
            return x
        if isinstance(size, int):
            # Keras reflects maps of rank 5 on some backends only.
            if min(before, after) >= 0 and max(before, after) < size and len(x.shape) < 5:
                pads = [[0, 0]] * len(x.shape)
                pads[axis] = [before, after]
                return ops.pad(x, pads, "reflect")
            places = range(-before, size + after)
            if max(before, after) < size:
                indices = [min(abs(at), 2 * (size - 1) - abs(at)) for at in places]
            else:
                indices = [min(max(at, 0), size - 1) for at in places]
            return ops.take(x, ops.convert_to_tensor(indices, dtype="int32"), axis=axis)
    places = ops.arange(size + before + after, dtype="int32") - before
    mirrored = ops.minimum(ops.abs(places), 2 * (size - 1) - ops.abs(places))
    nearest = ops.minimum(ops.maximum(places, 0), size - 1)
    return ops.take(x, ops.where(ops.maximum(before, after) < size, mirrored, nearest), axis=axis)


def _slide(x, axis, row, step):
    """Filters one axis by adding weighted slices, and keeps every `step`-th result."""
    total = None
    for first, tap in enumerate(row):
        cut = [slice(None)] * len(x.shape)
        cut[axis] = slice(first, first + 1 - len(row) or None, step)
        part = x[tuple(cut)] * tap
        total = part if total is None else total + part
    return total


def _depthwise(x, taps, step):
    """Filters rows and columns of [N, H, W, C] with `taps` and keeps every `step`-th result of both."""
    plane = np.outer(*taps)[:, :, None, None]
    kernel = ops.convert_to_tensor(np.tile(plane, (1, 1, x.shape[-1], 1)).astype("float32"))
    return ops.depthwise_conv(x, ops.cast(kernel, x.dtype), step, "valid")


def _filter(x, taps, strides, before, after):
    """Extends the spatial axes of [N, ..., C], filters them with `taps[axis]`, keeps every `strides[axis]`-th result."""
    for axis, (b, a) in enumerate(zip(before, after), start=1):
        x = _extend(x, axis, b, a)
    axes = len(taps)
    # There are depthwise convolutions for one and two axes, of one stride and of a known number of channels.
    if axes < 3 and len(set(strides)) == 1 and x.shape[-1] is not None and any(len(row) > 1 for row in taps):
        if axes == 2:
            return _depthwise(x, taps, strides[0])
        return ops.squeeze(_depthwise(ops.expand_dims(x, 2), (taps[0], [1.0]), strides[0]), 2)
    for axis, (row, step) in enumerate(zip(taps, strides), start=1):
        if len(row) > 1 or step > 1:
            x = _slide(x, axis, row, step)
    return x


def _channels_last(run, x, data_format):
    """Runs on [N, ..., C]; maps with channels first are turned and turned back."""
    if not data_format.startswith(("channels_first", "NC")):
        return run(x)
    axes = len(x.shape) - 2
    y = run(ops.transpose(x, (0, *range(2, axes + 2), 1)))
    return ops.transpose(y, (0, axes + 1, *range(1, axes + 1)))


def _blur(x, strides, given, offsets):
    """Blurs [N, ..., C] at stride `strides`, the first window `offsets` samples inside."""
    taps = [given if step > 1 else [1.0] for step in strides]
    before = [(len(row) - 1) // 2 - offset for row, offset in zip(taps, offsets)]
    return _filter(x, taps, strides, before, [len(row) - 1 - b for row, b in zip(taps, before)])


def _same_begin(size, kernel, step):
    """Samples that SAME padding adds before the map."""
    total = (-(-size // step) - 1) * step + kernel - size
    return (max(total, 0) if isinstance(total, int) else ops.maximum(total, 0)) // 2


def _same_offsets(maps, kernel, strides):
    """SAME padding depends on the stride: at stride 1 the first window of a layer begins this much earlier."""
    sides = enumerate(zip(kernel, strides), start=1)
    return [(k - 1) // 2 - _same_begin(_size(maps, axis), k, s) if s > 1 else 0 for axis, (k, s) in sides]


def _blur_pool(x, strides, given, data_format, kernel):
    if max(strides) == 1:
        return x
    kernel = _per_axis(kernel, len(strides))
    return _channels_last(lambda maps: _blur(maps, strides, given, _same_offsets(maps, kernel, strides)), x, data_format)


def _max_blur_pool(x, size, strides, padding, given, data_format):
    def run(maps):
        pooled = ops.max_pool(maps, size, 1, padding)
        if max(strides) == 1:
            return pooled
        offsets = _same_offsets(maps, size, strides) if padding == "same" else [0] * len(size)
        return _blur(pooled, strides, given, offsets)

    return _channels_last(run, x, data_format)


def _avg_blur_pool(x, size, strides, padding, given, data_format):
    def run(maps):
        if max(strides) == 1:
            return ops.average_pool(maps, size, 1, padding)
        taps, before, after = [], [], []
        for axis, (k, s) in enumerate(zip(size, strides), start=1):
            # The filter stands where the window stood, so its length has the window's parity.
            row = [1.0 / k] * k if s == 1 else given or _binomial(min(max(k, 4 - k % 2), 6 + k % 2))
            taps.append(row)
            begin = _same_begin(_size(maps, axis), k, s) if padding == "same" else 0
            before.append(begin + (len(row) - k) // 2)
            after.append((len(row) - 1 if padding == "same" else len(row) - k) - before[-1])
        return _filter(maps, taps, strides, before, after)

    return _channels_last(run, x, data_format)


class _Blurring:
    """What the layers share: how their filter is named."""

    axes = 0

    def _name_filter(self, filter_size, taps):
        self.filter_size = filter_size
        self.taps = None if taps is None else tuple(float(tap) for tap in taps)
        _taps(self.filter_size, self.taps)

    def _row(self):
        """The filter; None where the options name none."""
        return _taps(self.filter_size, self.taps)

    def get_config(self):
        return {**super().get_config(), "filter_size": self.filter_size, "taps": self.taps}


class _BlurPool(_Blurring, layers.Layer):
    def __init__(self, strides=2, filter_size=3, data_format=None, *, taps=None, same_kernel=1, **kwargs):
        super().__init__(**kwargs)
        self.strides = _per_axis(strides, self.axes)
        self.same_kernel = _per_axis(same_kernel, self.axes)
        self.data_format = data_format or _default_data_format()
        self._name_filter(filter_size, taps)

    def call(self, inputs):
        return _blur_pool(inputs, self.strides, self._row(), self.data_format, self.same_kernel)

    def compute_output_shape(self, input_shape):
        shape = tuple(input_shape)
        first = 2 if self.data_format == "channels_first" else 1
        spatial = [None if size is None else -(-size // step) for size, step in zip(shape[first:], self.strides)]
        return (*shape[:first], *spatial, *shape[first + self.axes :])

    def get_config(self):
        own = {"strides": self.strides, "same_kernel": self.same_kernel, "data_format": self.data_format}
        return {**super().get_config(), **own}


class _Pooling(_Blurring):
    """Makes a blurring layer of the pooling layer that it is mixed into, which it stays for all other code."""

    def __init__(
        self, pool_size=2, strides=None, padding="valid", data_format=None, name=None, *, filter_size=None, taps=None, **kwargs
    ):
        window = {"pool_size": _per_axis(pool_size, self.axes), "strides": None if strides is None else _per_axis(strides, self.axes)}
        super().__init__(**window, padding=padding.lower(), data_format=data_format, name=name, **kwargs)
        self._name_filter(filter_size, taps)


class _MaxBlurPool(_Pooling):
    def call(self, inputs):
        return _max_blur_pool(inputs, self.pool_size, self.strides, self.padding, self._row() or _binomial(3), self.data_format)


class _AvgBlurPool(_Pooling):
    def call(self, inputs):
        return _avg_blur_pool(inputs, self.pool_size, self.strides, self.padding, self._row(), self.data_format)


@_register(package="Shiftlint")
class BlurPool1D(_BlurPool):
    """Blurs and subsamples [N, L, C]."""

    axes = 1


@_register(package="Shiftlint")
class MaxBlurPool1D(_MaxBlurPool, layers.MaxPooling1D):
    """MaxPooling1D without aliasing."""

    axes = 1


@_register(package="Shiftlint")
class AvgBlurPool1D(_AvgBlurPool, layers.AveragePooling1D):
    """AveragePooling1D with a better filter than a box, at the same place."""

    axes = 1


@_register(package="Shiftlint")
class BlurPool2D(_BlurPool):
    """Blurs and subsamples [N, H, W, C]."""

    axes = 2


@_register(package="Shiftlint")
class MaxBlurPool2D(_MaxBlurPool, layers.MaxPooling2D):
    """MaxPooling2D without aliasing."""

    axes = 2


@_register(package="Shiftlint")
class AvgBlurPool2D(_AvgBlurPool, layers.AveragePooling2D):
    """AveragePooling2D with a better filter than a box, at the same place."""

    axes = 2


@_register(package="Shiftlint")
class BlurPool3D(_BlurPool):
    """Blurs and subsamples [N, D, H, W, C]."""

    axes = 3


@_register(package="Shiftlint")
class MaxBlurPool3D(_MaxBlurPool, layers.MaxPooling3D):
    """MaxPooling3D without aliasing."""

    axes = 3


@_register(package="Shiftlint")
class AvgBlurPool3D(_AvgBlurPool, layers.AveragePooling3D):
    """AveragePooling3D with a better filter than a box, at the same place."""

    axes = 3


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
