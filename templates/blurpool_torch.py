# Shiftlint BlurPool module for PyTorch, version 1. MIT licence.
"""Downsampling without aliasing: every stride gets a low-pass filter of its own.

Each name is a drop-in for the strided original: it takes the same arguments, gives the same output shape and adds
nothing to `state_dict`. The original runs at stride 1; a fixed depthwise filter (binomial, normalised, reflect padding)
then does the subsampling. A stride of 1 leaves the feature map as it is.

    nn.MaxPool2d(2, 2)                 MaxBlurPool2d(2, 2)
    F.max_pool2d(x, 2)                 max_blur_pool2d(x, 2)
    nn.AvgPool2d(2)                    AvgBlurPool2d(2)
    nn.Conv2d(64, 128, 3, stride=2)    BlurConv2d(64, 128, 3, stride=2)
    relu(conv(x))                      BlurPool2d(stride=2)(relu(conv(x))), with the convolution at stride 1

Source of the method: R. Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.
"""

import torch.nn.functional as F
from torch import nn

_convolve = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
_maximum = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}


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


def _filter(x, taps, stride, before, after):
    """Filters the last axes of x [N, C, ...] with `taps[axis]` and keeps every `stride[axis]`-th result.

    `before` and `after` are the samples added at each end by reflection (by repeating the edge where a map is too
    small to reflect); negative amounts crop.
    """
    axes = len(taps)
    for axis, (b, a) in enumerate(zip(before, after), start=2):
        start, end = max(0, -b), x.shape[axis] - max(0, -a)
        if start > 0 or end < x.shape[axis]:
            x = x.narrow(axis, start, end - start)
    pads = [(max(0, b), max(0, a)) for b, a in zip(before, after)]
    if any(b or a for b, a in pads):
        reflects = all(max(pad) < size for pad, size in zip(pads, x.shape[2:]))
        x = F.pad(x, [p for pad in reversed(pads) for p in pad], mode="reflect" if reflects else "replicate")
    if all(len(row) == 1 for row in taps):
        for axis, step in enumerate(stride, start=2):
            x = x[(slice(None),) * axis + (slice(None, None, step),)]
        return x
    kernel = x.new_ones((1,) * axes)
    for axis, row in enumerate(taps):
        kernel = kernel * x.new_tensor(row).reshape([-1 if other == axis else 1 for other in range(axes)])
    channels = x.shape[1]
    return _convolve[axes](x, kernel.expand(channels, 1, *kernel.shape), stride=stride, groups=channels)


def _batched(run, x, axes):
    """Runs on [N, C, ...], also for a single map [C, ...]."""
    return run(x.unsqueeze(0)).squeeze(0) if x.dim() == axes + 1 else run(x)


def _blur_pool(x, stride, filter_size, axes):
    stride = _per_axis(stride, axes)
    if all(step == 1 for step in stride):
        return x
    taps = [_binomial(filter_size) if step > 1 else [1.0] for step in stride]
    before = [(len(row) - 1) // 2 for row in taps]
    after = [len(row) - 1 - b for row, b in zip(taps, before)]
    return _batched(lambda maps: _filter(maps, taps, stride, before, after), x, axes)


def _pooled_length(size, kernel, step, padding, dilation, ceil_mode):
    """Samples that PyTorch's pooling gives: with ceil_mode, a window that would start in the right padding is dropped."""
    span = size + 2 * padding - dilation * (kernel - 1) - 1
    length = (-(-span // step) if ceil_mode else span // step) + 1
    return length - 1 if ceil_mode and (length - 1) * step >= size + padding else length


def _max_blur_pool(x, kernel_size, stride, padding, dilation, ceil_mode, filter_size, axes):
    kernel = _per_axis(kernel_size, axes)
    step = kernel if stride is None or stride == [] else _per_axis(stride, axes)
    padding = _per_axis(padding, axes)
    dilation = _per_axis(dilation, axes)
    if all(s == 1 for s in step):
        return _maximum[axes](x, kernel, 1, padding, dilation)
    if ceil_mode:
        # Windows that begin inside the map but end outside of it: what is missing is never the maximum.
        extra = []
        for k, s, p, d, size in zip(kernel, step, padding, dilation, x.shape[-axes:]):
            length = _pooled_length(size, k, s, p, d, True)
            extra.append(max(0, (length - 1) * s - (size + 2 * p - d * (k - 1) - 1)))
        if any(extra):
            x = F.pad(x, [p for amount in reversed(extra) for p in (0, amount)], value=float("-inf"))
    return _blur_pool(_maximum[axes](x, kernel, 1, padding, dilation), step, filter_size, axes)


def _length_like(kernel):
    """Taps of the filter that replaces a box of `kernel` samples: as long, at least 3 and at most 7, of the same parity."""
    shortest, longest = (4, 6) if kernel % 2 == 0 else (3, 7)
    return min(max(kernel, shortest), longest)


def _avg_blur_pool(x, kernel_size, stride, padding, ceil_mode, divisor_override, filter_size, axes):
    if divisor_override is not None:
        raise ValueError("a blur has weights of sum 1: divisor_override cannot be kept")
    kernel = _per_axis(kernel_size, axes)
    step = kernel if stride is None or stride == [] else _per_axis(stride, axes)
    padding = _per_axis(padding, axes)
    taps, before, after = [], [], []
    for k, s, p, size in zip(kernel, step, padding, x.shape[-axes:]):
        # The filter stands where the window stood, so its length has the window's parity.
        length = k if s == 1 else filter_size or _length_like(k)
        taps.append([1.0 / k] * k if s == 1 else _binomial(length))
        before.append(p + (length - k) // 2)
        samples = _pooled_length(size, k, s, p, 1, ceil_mode)
        after.append((samples - 1) * s + length - size - before[-1])
    return _batched(lambda maps: _filter(maps, taps, step, before, after), x, axes)


class _BlurPool(nn.Module):
    axes = 0

    def __init__(self, stride=2, filter_size=3):
        super().__init__()
        self.stride = stride
        self.filter_size = filter_size

    def forward(self, x):
        return _blur_pool(x, self.stride, self.filter_size, self.axes)

    def extra_repr(self):
        return f"stride={self.stride}, filter_size={self.filter_size}"


class _MaxBlurPool(nn.Module):
    axes = 0

    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False, *, filter_size=3):
        super().__init__()
        if return_indices:
            raise ValueError("after a blur there is no index of the maximum: return_indices cannot be kept")
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.dilation = dilation
        self.ceil_mode = ceil_mode
        self.filter_size = filter_size

    def forward(self, x):
        return _max_blur_pool(
            x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, self.filter_size, self.axes
        )

    def extra_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, filter_size={self.filter_size}"


class _AvgBlurPool(nn.Module):
    axes = 0

    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None, *, filter_size=None):
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.divisor_override = divisor_override
        self.filter_size = filter_size

    def forward(self, x):
        return _avg_blur_pool(
            x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.divisor_override, self.filter_size, self.axes
        )

    def extra_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class _BlurConv:
    """A convolution at stride 1 whose stride is done by a blur behind it; before it where the kernel is 1x1, at the same result."""

    def __init__(self, *args, filter_size=3, **kwargs):
        super().__init__(*args, **kwargs)
        self.blur_stride = self.stride
        self.stride = (1,) * len(self.kernel_size)
        self.filter_size = filter_size

    def forward(self, x):
        axes = len(self.kernel_size)
        if all(k == 1 for k in self.kernel_size) and all(p == 0 for p in _per_axis(0 if self.padding in ("valid", "same") else self.padding, axes)):
            return super().forward(_blur_pool(x, self.blur_stride, self.filter_size, axes))
        return _blur_pool(super().forward(x), self.blur_stride, self.filter_size, axes)

    def extra_repr(self):
        return f"{super().extra_repr()}, blur_stride={self.blur_stride}, filter_size={self.filter_size}"


class BlurPool1d(_BlurPool):
    """Blurs and subsamples [N, C, L]."""

    axes = 1


class BlurPool2d(_BlurPool):
    """Blurs and subsamples [N, C, H, W]."""

    axes = 2


class BlurPool3d(_BlurPool):
    """Blurs and subsamples [N, C, D, H, W]."""

    axes = 3


class MaxBlurPool1d(_MaxBlurPool):
    """nn.MaxPool1d without aliasing."""

    axes = 1


class MaxBlurPool2d(_MaxBlurPool):
    """nn.MaxPool2d without aliasing."""

    axes = 2


class MaxBlurPool3d(_MaxBlurPool):
    """nn.MaxPool3d without aliasing."""

    axes = 3


class AvgBlurPool1d(_AvgBlurPool):
    """nn.AvgPool1d with a better filter than a box, at the same place."""

    axes = 1


class AvgBlurPool2d(_AvgBlurPool):
    """nn.AvgPool2d with a better filter than a box, at the same place."""

    axes = 2


class AvgBlurPool3d(_AvgBlurPool):
    """nn.AvgPool3d with a better filter than a box, at the same place."""

    axes = 3


class BlurConv1d(_BlurConv, nn.Conv1d):
    """nn.Conv1d without aliasing, with the same parameters."""


class BlurConv2d(_BlurConv, nn.Conv2d):
    """nn.Conv2d without aliasing, with the same parameters."""


class BlurConv3d(_BlurConv, nn.Conv3d):
    """nn.Conv3d without aliasing, with the same parameters."""


def blur_pool1d(x, stride=2, filter_size=3):
    """Blurs and subsamples [N, C, L]."""
    return _blur_pool(x, stride, filter_size, 1)


def blur_pool2d(x, stride=2, filter_size=3):
    """Blurs and subsamples [N, C, H, W]."""
    return _blur_pool(x, stride, filter_size, 2)


def blur_pool3d(x, stride=2, filter_size=3):
    """Blurs and subsamples [N, C, D, H, W]."""
    return _blur_pool(x, stride, filter_size, 3)


def max_blur_pool1d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, *, filter_size=3):
    """F.max_pool1d without aliasing."""
    return _max_blur_pool(input, kernel_size, stride, padding, dilation, ceil_mode, filter_size, 1)


def max_blur_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, *, filter_size=3):
    """F.max_pool2d without aliasing."""
    return _max_blur_pool(input, kernel_size, stride, padding, dilation, ceil_mode, filter_size, 2)


def max_blur_pool3d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, *, filter_size=3):
    """F.max_pool3d without aliasing."""
    return _max_blur_pool(input, kernel_size, stride, padding, dilation, ceil_mode, filter_size, 3)


def avg_blur_pool1d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, *, filter_size=None):
    """F.avg_pool1d with a better filter than a box, at the same place."""
    return _avg_blur_pool(input, kernel_size, stride, padding, ceil_mode, None, filter_size, 1)


def avg_blur_pool2d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None, *, filter_size=None):
    """F.avg_pool2d with a better filter than a box, at the same place."""
    return _avg_blur_pool(input, kernel_size, stride, padding, ceil_mode, divisor_override, filter_size, 2)


def avg_blur_pool3d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None, *, filter_size=None):
    """F.avg_pool3d with a better filter than a box, at the same place."""
    return _avg_blur_pool(input, kernel_size, stride, padding, ceil_mode, divisor_override, filter_size, 3)
