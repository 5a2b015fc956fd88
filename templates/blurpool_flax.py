# Shiftlint BlurPool module for Flax, version 1. MIT licence.
"""Downsampling without aliasing: every stride gets a low-pass filter of its own.

Each name is a drop-in for the strided original: it takes the same arguments and gives the same output shape. The
original runs at stride 1; a fixed depthwise filter (binomial, normalised, reflect padding) then does the subsampling.
A stride of 1 leaves the feature map as it is. Maps have their channels last: [..., spatial axes, C].

    nn.max_pool(x, (2, 2), (2, 2))                 max_blur_pool(x, (2, 2), (2, 2))
    nn.avg_pool(x, (2, 2), (2, 2))                 avg_blur_pool(x, (2, 2), (2, 2))
    nn.relu(nn.Conv(64, (3, 3), strides=2)(x))     blur_pool(nn.relu(nn.Conv(64, (3, 3))(x)), 2)

Source of the method: R. Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.
"""

import flax.linen as nn
import jax.numpy as jnp
from jax import lax


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
    period = max(1, 2 * (size - 1))
    folded = [abs(i) % period for i in range(-before, size + after)]
    return jnp.take(x, jnp.asarray([min(i, period - i) for i in folded]), axis=axis)


def _filter(x, taps, strides, before, after):
    """Filters the spatial axes of [N, ..., C] with `taps[axis]` and keeps every `strides[axis]`-th result."""
    for axis, (b, a) in enumerate(zip(before, after), start=1):
        x = _extend(x, axis, b, a)
    axes, channels = len(taps), x.shape[-1]
    kernel = jnp.ones((1,) * axes, x.dtype)
    for axis, row in enumerate(taps):
        kernel = kernel * jnp.asarray(row, x.dtype).reshape([-1 if other == axis else 1 for other in range(axes)])
    kernel = jnp.broadcast_to(kernel[..., None, None], (*kernel.shape, 1, channels))
    letters = "DHW"[-axes:]
    layout = (f"N{letters}C", f"{letters}IO", f"N{letters}C")
    return lax.conv_general_dilated(x, kernel, strides, "VALID", dimension_numbers=layout, feature_group_count=channels)


def _batched(run, x, axes):
    """Runs on [N, ..., C], also for a single map and for several batch axes."""
    lead = x.shape[: -axes - 1]
    y = run(x.reshape((-1, *x.shape[-axes - 1 :])))
    return y.reshape((*lead, *y.shape[1:]))


def _blur(x, strides, filter_size, offsets):
    taps = [_binomial(filter_size) if step > 1 else [1.0] for step in strides]
    before = [(len(row) - 1) // 2 - offset for row, offset in zip(taps, offsets)]
    return _filter(x, taps, strides, before, [len(row) - 1 - b for row, b in zip(taps, before)])


def _pads(padding, size, window, strides):
    """Samples added at both ends of each axis; SAME depends on the stride."""
    if padding == "VALID":
        return [(0, 0)] * len(window)
    if padding != "SAME":
        return [tuple(pair) if isinstance(pair, (tuple, list)) else (pair, pair) for pair in (padding if isinstance(padding, (tuple, list)) else [padding] * len(window))]
    totals = [max((-(-n // s) - 1) * s + k - n, 0) for n, k, s in zip(size, window, strides)]
    return [(total // 2, total - total // 2) for total in totals]


def blur_pool(x, strides=2, filter_size=3):
    """Blurs and subsamples [N, ..., C] along all axes between batch and channels."""
    axes = x.ndim - 2
    steps = _per_axis(strides, axes)
    if all(step == 1 for step in steps):
        return x
    return _blur(x, steps, filter_size, [0] * axes)


def max_blur_pool(inputs, window_shape, strides=None, padding="VALID", *, filter_size=3):
    """flax.linen.max_pool without aliasing."""
    axes = len(window_shape)
    steps = (1,) * axes if strides is None else _per_axis(strides, axes)
    if all(step == 1 for step in steps):
        return nn.max_pool(inputs, window_shape, padding=padding)
    size = inputs.shape[-axes - 1 : -1]
    # SAME padding depends on the stride: the maximum at stride 1 begins this much earlier.
    strided, dense = _pads(padding, size, window_shape, steps), _pads(padding, size, window_shape, (1,) * axes)
    offsets = [d[0] - b[0] for d, b in zip(dense, strided)]
    pooled = nn.max_pool(inputs, window_shape, padding=padding)
    return _batched(lambda maps: _blur(maps, steps, filter_size, offsets), pooled, axes)


def avg_blur_pool(inputs, window_shape, strides=None, padding="VALID", count_include_pad=True, *, filter_size=None):
    """flax.linen.avg_pool with a better filter than a box, at the same place."""
    axes = len(window_shape)
    steps = (1,) * axes if strides is None else _per_axis(strides, axes)
    if all(step == 1 for step in steps):
        return nn.avg_pool(inputs, window_shape, padding=padding, count_include_pad=count_include_pad)
    size = inputs.shape[-axes - 1 : -1]
    taps, before, after = [], [], []
    for n, k, s, (b, a) in zip(size, window_shape, steps, _pads(padding, size, window_shape, steps)):
        # The filter stands where the window stood, so its length has the window's parity.
        length = k if s == 1 else filter_size or min(max(k, 4 - k % 2), 6 + k % 2)
        taps.append([1.0 / k] * k if s == 1 else _binomial(length))
        before.append(b + (length - k) // 2)
        after.append((n + b + a - k) // s * s + length - n - before[-1])
    return _batched(lambda maps: _filter(maps, taps, steps, before, after), inputs, axes)
