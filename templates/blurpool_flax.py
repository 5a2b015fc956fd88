# Shiftlint BlurPool module for Flax, version 1. MIT licence.
"""Downsampling without aliasing: every stride gets a low-pass filter of its own.

Each name is a drop-in for the strided original: it takes the same arguments and gives the same output shape. The
original runs at stride 1; a fixed depthwise filter (binomial, normalised, reflect padding) then does the subsampling.
A stride of 1 leaves the feature map as it is. `filter_size` is the number of taps; `taps` names them one by one. Maps have their channels last: [..., spatial axes, C]. Only JAX is needed.

    nn.max_pool(x, (2, 2), (2, 2))                 max_blur_pool(x, (2, 2), (2, 2))
    nn.avg_pool(x, (2, 2), (2, 2))                 avg_blur_pool(x, (2, 2), (2, 2))
    nn.relu(nn.Conv(64, (3, 3), strides=2)(x))     blur_pool(nn.relu(nn.Conv(64, (3, 3))(x)), 2)

Source of the method: R. Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.
"""

import jax.numpy as jnp
import numpy as np
from jax import lax


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


def _extend(x, axis, before, after):
    """Adds samples at both ends of an axis by reflection, where the map is too small for that by repeating its edge;
    negative amounts crop."""
    size = x.shape[axis]
    if before == 0 and after == 0:
        return x
    places = np.arange(-before, size + after)
    if max(before, after) < size:
        places = np.minimum(abs(places), 2 * (size - 1) - abs(places))
    return jnp.take(x, np.clip(places, 0, size - 1), axis=axis)


def _filter(x, taps, strides, before, after):
    """Filters the spatial axes of [N, ..., C] with `taps[axis]` and keeps every `strides[axis]`-th result."""
    for axis, (b, a) in enumerate(zip(before, after), start=1):
        x = _extend(x, axis, b, a)
    axes, channels = len(taps), x.shape[-1]
    if all(len(row) == 1 for row in taps):
        return x[(slice(None), *[slice(None, None, step) for step in strides])]
    kernel = np.ones((1,) * axes)
    for axis, row in enumerate(taps):
        kernel = kernel * np.array(row).reshape([-1 if other == axis else 1 for other in range(axes)])
    kernel = jnp.asarray(np.tile(kernel[..., None, None], (1,) * (axes + 1) + (channels,)), x.dtype)
    letters = "DHW"[-axes:]
    layout = (f"N{letters}C", f"{letters}IO", f"N{letters}C")
    return lax.conv_general_dilated(x, kernel, strides, "VALID", dimension_numbers=layout, feature_group_count=channels)


def _batched(run, x, axes):
    """Runs on [N, ..., C], also for a single map and for several batch axes."""
    lead = x.shape[: -axes - 1]
    y = run(x.reshape((-1, *x.shape[-axes - 1 :])))
    return y.reshape((*lead, *y.shape[1:]))


def _reduce(operation, start, x, window, pads):
    """A pool at stride 1 over [N, ..., C] that adds `pads` of `start` around the map."""
    return lax.reduce_window(x, start, operation, (1, *window, 1), (1,) * x.ndim, ((0, 0), *pads, (0, 0)))


def _blur(x, strides, given, offsets):
    """Blurs [N, ..., C] at stride `strides`, the first window `offsets` samples inside."""
    if max(strides) == 1:
        return x
    taps = [given if step > 1 else [1.0] for step in strides]
    before = [(len(row) - 1) // 2 - offset for row, offset in zip(taps, offsets)]
    return _filter(x, taps, strides, before, [len(row) - 1 - b for row, b in zip(taps, before)])


def _pads(padding, size, window, strides):
    """Samples added at both ends of each axis; SAME depends on the stride."""
    if isinstance(padding, str):
        return lax.padtype_to_pads(size, window, strides, padding.upper())
    pairs = padding if isinstance(padding, (tuple, list)) else [padding] * len(window)
    return [tuple(pair) if isinstance(pair, (tuple, list)) else (pair, pair) for pair in pairs]


def _pool_arguments(inputs, window_shape, strides, padding):
    """Window, strides and padding with one entry for each spatial axis."""
    window = tuple(int(length) for length in window_shape)
    steps = (1,) * len(window) if strides is None else _per_axis(strides, len(window))
    return window, steps, _pads(padding, inputs.shape[-len(window) - 1 : -1], window, steps)


def _same_offsets(size, kernel, strides):
    """SAME padding depends on the stride: at stride 1 the first window of a layer begins this much earlier."""
    ones = (1,) * len(kernel)
    dense, strided = (lax.padtype_to_pads(size, kernel, steps, "SAME") for steps in (ones, strides))
    return [own[0] - other[0] if step > 1 else 0 for own, other, step in zip(dense, strided, strides)]


def blur_pool(x, strides=2, filter_size=3, *, taps=None, same_kernel=1):
    """Blurs and subsamples [N, ..., C] along all axes between batch and channels.

    `same_kernel` is the kernel size of a convolution with SAME padding whose stride this has: that padding depends on the stride.
    Strides given as a tuple, one an axis, also say how many axes are spatial: a single map [..., C] is taken too.
    """
    axes = len(strides) if isinstance(strides, (tuple, list)) and len(strides) > 1 else x.ndim - 2
    steps = _per_axis(strides, axes)
    if max(steps) == 1:
        return x
    filter = _taps(filter_size, taps)
    offsets = _same_offsets(x.shape[-axes - 1 : -1], _per_axis(same_kernel, axes), steps)
    return _batched(lambda maps: _blur(maps, steps, filter, offsets), x, axes)


def max_blur_pool(inputs, window_shape, strides=None, padding="VALID", *, filter_size=3, taps=None):
    """flax.linen.max_pool without aliasing: the maximum at stride 1, then a blur."""
    window, steps, pads = _pool_arguments(inputs, window_shape, strides, padding)
    dense, offsets = pads, [0] * len(window)
    if isinstance(padding, str):
        # SAME padding depends on the stride: the maximum at stride 1 begins this much earlier.
        dense = _pads(padding, inputs.shape[-len(window) - 1 : -1], window, (1,) * len(window))
        offsets = [own[0] - strided[0] if step > 1 else 0 for own, strided, step in zip(dense, pads, steps)]
    filter = _taps(filter_size, taps)
    lowest = -np.inf if jnp.issubdtype(inputs.dtype, jnp.floating) else jnp.iinfo(inputs.dtype).min

    def run(maps):
        return _blur(_reduce(lax.max, lowest, maps, window, dense), steps, filter, offsets)

    return _batched(run, inputs, len(window))


def avg_blur_pool(inputs, window_shape, strides=None, padding="VALID", count_include_pad=True, *, filter_size=None, taps=None):
    """flax.linen.avg_pool with a better filter than a box, at the same place."""
    window, steps, pads = _pool_arguments(inputs, window_shape, strides, padding)
    if max(steps) == 1:

        def average(maps):
            total = _reduce(lax.add, 0.0, maps, window, pads)
            counted = int(np.prod(window)) if count_include_pad else _reduce(lax.add, 0.0, jnp.ones_like(maps), window, pads)
            return total / counted

        return _batched(average, inputs, len(window))
    given = _taps(filter_size, taps)
    rows, before, after = [], [], []
    for k, s, (begin, end) in zip(window, steps, pads):
        # The filter stands where the window stood, so its length has the window's parity.
        row = [1.0 / k] * k if s == 1 else given or _binomial(min(max(k, 4 - k % 2), 6 + k % 2))
        rows.append(row)
        before.append(begin + (len(row) - k) // 2)
        after.append(end + len(row) - k - (len(row) - k) // 2)
    return _batched(lambda maps: _filter(maps, rows, steps, before, after), inputs, len(window))
