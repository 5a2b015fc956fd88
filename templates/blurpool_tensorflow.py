# Shiftlint BlurPool module for TensorFlow, version 1. MIT licence.
"""Downsampling without aliasing: every stride gets a low-pass filter of its own.

Each name is a drop-in for the strided original: it takes the same arguments and gives the same output shape. The
original runs at stride 1; a fixed depthwise filter (binomial, normalised, reflect padding) then does the subsampling.
A stride of 1 leaves the feature map as it is.

    layers.MaxPooling2D(2)                    MaxBlurPool2D(2)
    layers.AveragePooling2D(2)                AvgBlurPool2D(2)
    layers.Conv2D(64, 3, strides=2)(x)        BlurPool2D(2)(layers.Conv2D(64, 3)(x)), behind the activation
    tf.nn.max_pool2d(x, 2, 2, "SAME")         max_blur_pool2d(x, 2, 2, "SAME")
    tf.nn.relu(tf.nn.conv2d(x, w, 2, "SAME")) blur_pool(tf.nn.relu(tf.nn.conv2d(x, w, 1, "SAME")), 2)

Source of the method: R. Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.
"""

import tensorflow as tf

layers = tf.keras.layers
_register = tf.keras.utils.register_keras_serializable


def _pool(kind, x, size, padding):
    """A pool at stride 1 over [N, ..., C]."""
    return tf.nn.pool(x, size, {"max": "MAX", "avg": "AVG"}[kind], strides=[1] * len(size), padding=padding.upper())


class ops:
    """The operations that Keras 3 calls `keras.ops`, for Keras 2 as well."""

    cast = staticmethod(tf.cast)
    take = staticmethod(lambda x, indices, axis: tf.gather(x, indices, axis=axis))
    pad = staticmethod(lambda x, pads, mode: tf.pad(x, pads, mode))
    reshape = staticmethod(tf.reshape)
    transpose = staticmethod(lambda x, axes: tf.transpose(x, axes))
    convert_to_tensor = staticmethod(tf.convert_to_tensor)
    shape = staticmethod(lambda x: tuple(known if known is not None else tf.shape(x)[i] for i, known in enumerate(x.shape)))

    @staticmethod
    def depthwise_conv(x, kernel, strides, padding):
        return tf.nn.depthwise_conv2d(x, kernel, [1, strides, strides, 1], padding.upper())


def _per_axis(value, axes):
    """`value` for each of `axes` spatial axes, given once or once an axis."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    return tuple(int(v) for v in (values * axes if len(values) == 1 else values))


def _binomial(size):
    """Row `size - 1` of Pascal's triangle divided by its sum: [1], [1, 1] / 2, [1, 2, 1] / 4, ..."""
    if not 1 <= size <= 7:
        raise ValueError(f"filter_size must be between 1 and 7, not {size}")
    row = [1.0]
    for _ in range(size - 1):
        row = [a + b for a, b in zip([0.0] + row, row + [0.0])]
    return [value / 2 ** (size - 1) for value in row]


def _extend(x, axis, before, after):
    """Adds samples at both ends of an axis by reflection, however small the map; negative amounts crop."""
    size = x.shape[axis]
    if before == 0 and after == 0:
        return x
    if size is None or (min(before, after) >= 0 and max(before, after) < size):
        keep = [slice(None)] * len(x.shape)
        keep[axis] = slice(max(0, -before), None if after >= 0 else after)
        pads = [[0, 0]] * len(x.shape)
        pads[axis] = [max(0, before), max(0, after)]
        x = x[tuple(keep)] if min(before, after) < 0 else x
        return ops.pad(x, pads, "reflect") if max(before, after) > 0 else x
    period = max(1, 2 * (size - 1))
    folded = [abs(i) % period for i in range(-before, size + after)]
    return ops.take(x, ops.convert_to_tensor([min(i, period - i) for i in folded], dtype="int32"), axis=axis)


def _filter_plane(x, taps, strides):
    """Filters rows and columns of [N, H, W, C] with `taps` and keeps every `strides`-th result of each axis."""
    rows, columns = (len(row) for row in taps)
    if rows == columns == 1:
        return x[:, :: strides[0], :: strides[1]]
    channels = x.shape[-1]
    plane = [[[[a * b]] * channels for b in taps[1]] for a in taps[0]]
    kernel = ops.cast(ops.convert_to_tensor(plane, dtype="float32"), x.dtype)
    # Depthwise convolutions stride by the same amount along both axes.
    if strides[0] == strides[1]:
        return ops.depthwise_conv(x, kernel, strides[0], "valid")
    return ops.depthwise_conv(x, kernel, 1, "valid")[:, :: strides[0], :: strides[1]]


def _filter(x, taps, strides, before, after):
    """Filters the spatial axes of [N, ..., C] one after another or in planes, with reflected borders."""
    for axis, (b, a) in enumerate(zip(before, after), start=1):
        x = _extend(x, axis, b, a)
    axes = len(taps)
    if axes == 2:
        return _filter_plane(x, taps, strides)
    shape = ops.shape(x)
    if axes == 1:
        y = _filter_plane(ops.reshape(x, (-1, shape[1], 1, shape[2])), (taps[0], [1.0]), (strides[0], 1))
        return ops.reshape(y, (-1, ops.shape(y)[1], shape[2]))
    y = _filter_plane(ops.reshape(x, (-1, shape[2], shape[3], shape[4])), taps[1:], strides[1:])
    height, width = ops.shape(y)[1:3]
    y = _filter_plane(ops.reshape(y, (-1, shape[1], height * width, shape[4])), (taps[0], [1.0]), (strides[0], 1))
    return ops.reshape(y, (-1, ops.shape(y)[1], height, width, shape[4]))


def _channels_last(run, x, data_format):
    """Runs on [N, ..., C]; maps with channels first are turned and turned back."""
    if data_format in (None, "channels_last") or not data_format.startswith(("channels_first", "NC")):
        return run(x)
    axes = len(x.shape) - 2
    y = run(ops.transpose(x, (0, *range(2, axes + 2), 1)))
    return ops.transpose(y, (0, axes + 1, *range(1, axes + 1)))


def _blur(x, strides, filter_size, offsets):
    """Blurs [N, ..., C] at stride `strides`, the first window `offsets` samples inside."""
    taps = [_binomial(filter_size) if step > 1 else [1.0] for step in strides]
    before = [(len(row) - 1) // 2 - offset for row, offset in zip(taps, offsets)]
    return _filter(x, taps, strides, before, [len(row) - 1 - b for row, b in zip(taps, before)])


def _same_begin(size, kernel, step):
    """Samples that SAME padding adds before the map; a map of unknown size counts as a multiple of the stride."""
    total = kernel - step if size is None else (-(-size // step) - 1) * step + kernel - size
    return max(total, 0) // 2


def blur_pool(x, strides=2, filter_size=3, data_format=None):
    """Blurs and subsamples a map of rank 3 to 5: [N, ..., C], or [N, C, ...] with `data_format="channels_first"`."""
    steps = _per_axis(strides, len(x.shape) - 2)
    if all(step == 1 for step in steps):
        return x
    return _channels_last(lambda maps: _blur(maps, steps, filter_size, [0] * len(steps)), x, data_format)


def _max_blur_pool(x, size, strides, padding, filter_size, data_format):
    def run(maps):
        pooled = _pool("max", maps, size, padding)
        if all(step == 1 for step in strides):
            return pooled
        offsets = [0] * len(size)
        if padding.lower() == "same":
            # SAME padding depends on the stride: the maximum at stride 1 begins this much earlier.
            sides = zip(maps.shape[1:-1], size, strides)
            offsets = [(k - 1) // 2 - _same_begin(n, k, s) if s > 1 else 0 for n, k, s in sides]
        return _blur(pooled, strides, filter_size, offsets)

    return _channels_last(run, x, data_format)


def _avg_blur_pool(x, size, strides, padding, filter_size, data_format):
    same = padding.lower() == "same"

    def run(maps):
        taps, before, after = [], [], []
        for n, k, s in zip(maps.shape[1:-1], size, strides):
            # The filter stands where the window stood, so its length has the window's parity.
            length = k if s == 1 else filter_size or min(max(k, 4 - k % 2), 6 + k % 2)
            taps.append([1.0 / k] * k if s == 1 else _binomial(length))
            before.append((_same_begin(n, k, s) if same else 0) + (length - k) // 2)
            after.append((length - 1 if same else length - k) - before[-1])
        return _filter(maps, taps, strides, before, after)

    return _channels_last(run, x, data_format)


def _length(size, kernel, step, padding):
    if size is None:
        return None
    return -(-size // step) if padding == "same" else (size - kernel) // step + 1


class _Blurring(layers.Layer):
    """What the layers share: their options and the shape of their output."""

    axes = 0

    def _options(self, data_format, **options):
        self.data_format = data_format or "channels_last"
        self._names = [*options, "data_format"]
        for name, value in options.items():
            setattr(self, name, value)

    def get_config(self):
        return {**super().get_config(), **{name: getattr(self, name) for name in self._names}}

    def _window(self):
        return (1,) * self.axes, self.strides, "same"

    def compute_output_shape(self, input_shape):
        size, strides, padding = self._window()
        shape = tuple(input_shape)
        first = 2 if self.data_format == "channels_first" else 1
        spatial = [_length(n, k, s, padding) for n, k, s in zip(shape[first:], size, strides)]
        return (*shape[:first], *spatial, *shape[first + self.axes :])


class _BlurPool(_Blurring):
    def __init__(self, strides=2, filter_size=3, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self._options(data_format, strides=_per_axis(strides, self.axes), filter_size=filter_size)

    def call(self, inputs):
        return blur_pool(inputs, self.strides, self.filter_size, self.data_format)


class _Pooling(_Blurring):
    def __init__(self, pool_size=2, strides=None, padding="valid", data_format=None, *, filter_size=None, **kwargs):
        super().__init__(**kwargs)
        size = _per_axis(pool_size, self.axes)
        strides = size if strides is None else _per_axis(strides, self.axes)
        self._options(data_format, pool_size=size, strides=strides, padding=padding.lower(), filter_size=filter_size)

    def _window(self):
        return self.pool_size, self.strides, self.padding


class _MaxBlurPool(_Pooling):
    def call(self, inputs):
        return _max_blur_pool(inputs, self.pool_size, self.strides, self.padding, self.filter_size or 3, self.data_format)


class _AvgBlurPool(_Pooling):
    def call(self, inputs):
        return _avg_blur_pool(inputs, self.pool_size, self.strides, self.padding, self.filter_size, self.data_format)


@_register(package="Shiftlint")
class BlurPool1D(_BlurPool):
    """Blurs and subsamples [N, L, C]."""

    axes = 1


@_register(package="Shiftlint")
class MaxBlurPool1D(_MaxBlurPool):
    """MaxPooling1D without aliasing."""

    axes = 1


@_register(package="Shiftlint")
class AvgBlurPool1D(_AvgBlurPool):
    """AveragePooling1D with a better filter than a box, at the same place."""

    axes = 1


@_register(package="Shiftlint")
class BlurPool2D(_BlurPool):
    """Blurs and subsamples [N, H, W, C]."""

    axes = 2


@_register(package="Shiftlint")
class MaxBlurPool2D(_MaxBlurPool):
    """MaxPooling2D without aliasing."""

    axes = 2


@_register(package="Shiftlint")
class AvgBlurPool2D(_AvgBlurPool):
    """AveragePooling2D with a better filter than a box, at the same place."""

    axes = 2


@_register(package="Shiftlint")
class BlurPool3D(_BlurPool):
    """Blurs and subsamples [N, D, H, W, C]."""

    axes = 3


@_register(package="Shiftlint")
class MaxBlurPool3D(_MaxBlurPool):
    """MaxPooling3D without aliasing."""

    axes = 3


@_register(package="Shiftlint")
class AvgBlurPool3D(_AvgBlurPool):
    """AveragePooling3D with a better filter than a box, at the same place."""

    axes = 3


def _spatial(value, axes):
    """The spatial entries of tf.nn's ksize and strides, which may stand for batch and channels too."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if len(values) == axes + 2:
        values = values[2:] if values[1] == 1 and values[-1] != 1 else values[1:-1]
    return _per_axis(values, axes)


def max_blur_pool(input, ksize, strides, padding, data_format=None, name=None, *, filter_size=3):
    """tf.nn.max_pool without aliasing."""
    axes = len(input.shape) - 2
    return _max_blur_pool(input, _spatial(ksize, axes), _spatial(strides, axes), padding, filter_size, data_format)


def avg_blur_pool(input, ksize, strides, padding, data_format=None, name=None, *, filter_size=None):
    """tf.nn.avg_pool with a better filter than a box, at the same place."""
    axes = len(input.shape) - 2
    return _avg_blur_pool(input, _spatial(ksize, axes), _spatial(strides, axes), padding, filter_size, data_format)


max_blur_pool1d = max_blur_pool2d = max_blur_pool3d = max_blur_pool
avg_blur_pool1d = avg_blur_pool2d = avg_blur_pool3d = avg_blur_pool
