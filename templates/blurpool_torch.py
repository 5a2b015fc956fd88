# Shiftlint BlurPool module for PyTorch, version 1. MIT licence.
"""Downsampling without aliasing: every stride gets a low-pass filter of its own.

Each name is a drop-in for the strided original: it takes the same arguments, gives the same output shape and adds
nothing to `state_dict`. The original runs at stride 1; a fixed depthwise filter (binomial, normalised, reflect padding)
then does the subsampling. A stride of 1 leaves the feature map as it is. `filter_size` is the number of its taps;
`taps` names them one by one in place of the binomial ones.

    nn.MaxPool2d(2, 2)                 MaxBlurPool2d(2, 2)
    F.max_pool2d(x, 2)                 max_blur_pool2d(x, 2)
    nn.AvgPool2d(2)                    AvgBlurPool2d(2)
    nn.Conv2d(64, 128, 3, stride=2)    BlurConv2d(64, 128, 3, stride=2)
    relu(conv(x))                      BlurPool2d(stride=2)(relu(conv(x))), with the convolution at stride 1

Source of the method: R. Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019.
"""

from typing import List, Optional

import torch
import torch.fx
import torch.nn.functional as F
from torch import Tensor, nn
from torch.jit.annotations import BroadcastingList2


def _per_axis(value, axes):
    """`value` for each of `axes` spatial axes, given once or once an axis."""
    values = [int(v) for v in value] if isinstance(value, (tuple, list)) else [int(value)]
    if len(values) not in (1, axes):
        raise ValueError(f"expected one value or {axes}, not {value}")
    return values * axes if len(values) == 1 else values


def _steps(stride, kernel, axes):
    """The stride along each axis; a pool without one steps by its kernel."""
    return kernel if stride is None or stride == [] else _per_axis(stride, axes)


def _taps(filter_size, taps) -> List[float]:
    """The filter itself: `taps`, or the binomial one of `filter_size` taps where none are given; none at all without a size."""
    if taps is None:
        return [] if filter_size is None else _binomial(filter_size)
    row = [float(tap) for tap in taps]
    if abs(sum(row) - 1) > 1e-6:
        raise ValueError(f"the taps of a low-pass filter have a sum of 1, not {sum(row)}")
    return row


# What follows stays within TorchScript, so that models with these layers can be scripted as before.


def _each(value: BroadcastingList2[int], axes: int) -> List[int]:
    """What a layer says once or once an axis, for each of `axes` spatial axes; nothing where it says nothing."""
    if not torch.jit.is_scripting():
        return [] if value == [] else _per_axis(value, axes)
    # TorchScript has made two entries of a single number.
    return value if len(value) == axes or len(value) == 0 else [value[0]] * axes


def _binomial(size: int) -> List[float]:
    """Row `size - 1` of Pascal's triangle divided by its sum: [1], [1, 1] / 2, [1, 2, 1] / 4, ..."""
    if size < 1 or size > 7:
        raise ValueError(f"filter_size must be between 1 and 7, not {size}")
    row = [1.0]
    for _ in range(size - 1):
        longer = [0.5 * row[0]]
        for i in range(len(row) - 1):
            longer.append(0.5 * (row[i] + row[i + 1]))
        longer.append(0.5 * row[-1])
        row = longer
    return row


def _extend(x: Tensor, before: List[int], after: List[int]) -> Tensor:
    """Adds samples at both ends of the last axes by reflection, where a map is too small for that by repeating its edge;
    negative amounts crop."""
    axes = len(before)
    for axis in range(axes):
        start, cut = max(0, -before[axis]), max(0, -after[axis])
        if start + cut > 0:
            x = x.narrow(axis + 2, start, x.size(axis + 2) - start - cut)
    reflected: List[int] = [0] * (2 * axes)
    repeated: List[int] = [0] * (2 * axes)
    for axis in range(axes):
        start, end = max(0, before[axis]), max(0, after[axis])
        place = 2 * (axes - 1 - axis)  # F.pad counts from the last axis.
        if max(start, end) > 0:
            if max(start, end) < x.size(axis + 2):
                reflected[place], reflected[place + 1] = start, end
            else:
                repeated[place], repeated[place + 1] = start, end
    if max(reflected) > 0:
        x = F.pad(x, reflected, mode="reflect")
    if max(repeated) > 0:
        x = F.pad(x, repeated, mode="replicate")
    return x


def _filter(x: Tensor, taps: List[List[float]], stride: List[int], before: List[int], after: List[int]) -> Tensor:
    """Extends the last axes of x, filters them with `taps[axis]` and keeps every `stride[axis]`-th result.

    x is [N, C, ...] or a single map [C, ...].
    """
    axes = len(taps)
    single = x.dim() == axes + 1
    if single:
        x = x.unsqueeze(0)
    x = _extend(x, before, after)
    shape: List[int] = []
    weights = [1.0]
    for row in taps:
        product: List[float] = []
        for weight in weights:
            for tap in row:
                product.append(weight * tap)
        weights = product
        shape.append(len(row))
    if len(weights) == 1:
        for axis in range(axes):
            if stride[axis] > 1:
                x = x.index_select(axis + 2, torch.arange(0, x.size(axis + 2), stride[axis], device=x.device))
        return x.squeeze(0) if single else x
    # As a number, so that exporters see a depthwise convolution of constant weights.
    channels = int(x.size(1))
    kernel = torch.tensor(weights, dtype=x.dtype, device=x.device).reshape([1, 1] + shape).repeat([channels, 1] + [1] * axes)
    if axes == 1:
        x = F.conv1d(x, kernel, stride=stride, groups=channels)
    elif axes == 2:
        x = F.conv2d(x, kernel, stride=stride, groups=channels)
    else:
        x = F.conv3d(x, kernel, stride=stride, groups=channels)
    return x.squeeze(0) if single else x


def _blur_pool(x: Tensor, stride: List[int], filter: List[float]) -> Tensor:
    if max(stride) == 1:
        return x
    taps: List[List[float]] = []
    before: List[int] = []
    after: List[int] = []
    for step in stride:
        row = filter if step > 1 else [1.0]
        taps.append(row)
        before.append((len(row) - 1) // 2)
        after.append(len(row) // 2)
    return _filter(x, taps, stride, before, after)


def _ceil_length(size: int, kernel: int, step: int, padding: int, dilation: int) -> int:
    """Samples that PyTorch's pools give with ceil_mode: a last window that would start in the right padding is dropped."""
    span = size + 2 * padding - dilation * (kernel - 1) - 1
    length = (span + step - 1) // step + 1
    return length - 1 if (length - 1) * step >= size + padding else length


def _max_blur_pool(
    x: Tensor, kernel: List[int], stride: List[int], padding: List[int], dilation: List[int], ceil_mode: bool, filter: List[float]
) -> Tensor:
    axes = len(kernel)
    dense = [1] * axes
    if ceil_mode and max(stride) > 1:
        # Windows that begin inside the map but end outside of it: what is missing is never the maximum.
        missing: List[int] = [0] * (2 * axes)
        for axis in range(axes):
            k, s, p, d, size = kernel[axis], stride[axis], padding[axis], dilation[axis], x.size(axis - axes)
            reach = (_ceil_length(size, k, s, p, d) - 1) * s + d * (k - 1) + 1
            missing[2 * (axes - 1 - axis) + 1] = max(0, reach - size - 2 * p)
        if max(missing) > 0:
            x = F.pad(x, missing, value=float("-inf"))
    if axes == 1:
        x = F.max_pool1d(x, kernel, dense, padding, dilation)
    elif axes == 2:
        x = F.max_pool2d(x, kernel, dense, padding, dilation)
    else:
        x = F.max_pool3d(x, kernel, dense, padding, dilation)
    return _blur_pool(x, stride, filter)


def _avg_blur_pool(
    x: Tensor,
    kernel: List[int],
    stride: List[int],
    padding: List[int],
    ceil_mode: bool,
    count_include_pad: bool,
    filter: List[float],
) -> Tensor:
    axes = len(kernel)
    if max(stride) == 1:
        # Nothing is subsampled: the average stays.
        if axes == 1:
            return F.avg_pool1d(x, kernel, stride, padding, ceil_mode, count_include_pad)
        if axes == 2:
            return F.avg_pool2d(x, kernel, stride, padding, ceil_mode, count_include_pad)
        return F.avg_pool3d(x, kernel, stride, padding, ceil_mode, count_include_pad)
    taps: List[List[float]] = []
    before: List[int] = []
    after: List[int] = []
    for axis in range(axes):
        k, s, p = kernel[axis], stride[axis], padding[axis]
        row = [1.0 / k] * k
        if s > 1:
            # As long as the window, at least 3 taps and at most 7, and of the window's parity: it stands at the same place.
            row = filter if len(filter) > 0 else _binomial(min(max(k, 4 - k % 2), 6 + k % 2))
        taps.append(row)
        before.append(p + (len(row) - k) // 2)
        end = p + len(row) - k - (len(row) - k) // 2
        if ceil_mode:
            size = x.size(axis - axes)
            end = (_ceil_length(size, k, s, p, 1) - 1) * s + len(row) - size - before[axis]
        after.append(end)
    return _filter(x, taps, stride, before, after)


# torch.fx keeps these as one step each: what they do depends on the size of the map.
torch.fx.wrap("_blur_pool")
torch.fx.wrap("_max_blur_pool")
torch.fx.wrap("_avg_blur_pool")


def _refuse_divisor(divisor_override):
    if divisor_override is not None:
        raise ValueError("a blur has weights of sum 1: divisor_override cannot be kept")


class _BlurPool(nn.Module):
    axes = 0

    def __init__(self, stride=2, filter_size=3, *, taps=None):
        super().__init__()
        self.stride = tuple(_per_axis(stride, self.axes))
        self.taps = _taps(filter_size, taps)

    def forward(self, input: Tensor) -> Tensor:
        return _blur_pool(input, self.stride, self.taps)

    def extra_repr(self):
        return f"stride={self.stride}, taps={self.taps}"


# The drop-ins are the layers that they replace: what other code asks of those, or sets on them later, they have and heed.


class _MaxBlurPool:
    axes = 0
    __constants__ = ["axes", "kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode"]

    def __init__(
        self, kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False, *, filter_size=3, taps=None
    ):
        if return_indices:
            raise ValueError("after a blur there is no index of the maximum: return_indices cannot be kept")
        super().__init__(kernel_size, stride, padding, dilation, False, ceil_mode)
        self.taps = _taps(filter_size, taps)

    def forward(self, input: Tensor) -> Tensor:
        kernel, stride = _each(self.kernel_size, self.axes), _each(self.stride, self.axes)
        padding, dilation = _each(self.padding, self.axes), _each(self.dilation, self.axes)
        return _max_blur_pool(input, kernel, kernel if len(stride) == 0 else stride, padding, dilation, self.ceil_mode, self.taps)

    def extra_repr(self):
        return f"{super().extra_repr()}, taps={self.taps}"


class _AvgBlurPool:
    axes = 0
    taps: List[float]
    __constants__ = ["axes", "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"]

    def __init__(
        self,
        kernel_size,
        stride=None,
        padding=0,
        ceil_mode=False,
        count_include_pad=True,
        divisor_override=None,
        *,
        filter_size=None,
        taps=None,
    ):
        _refuse_divisor(divisor_override)
        super().__init__(kernel_size, stride, padding, ceil_mode, count_include_pad)
        self.taps = _taps(filter_size, taps)

    def forward(self, input: Tensor) -> Tensor:
        kernel, stride, padding = _each(self.kernel_size, self.axes), _each(self.stride, self.axes), _each(self.padding, self.axes)
        return _avg_blur_pool(input, kernel, kernel if len(stride) == 0 else stride, padding, self.ceil_mode, self.count_include_pad, self.taps)

    def extra_repr(self):
        return f"{super().extra_repr()}, taps={self.taps}"


class _BlurConv:
    """A convolution that is run at stride 1 and whose stride is done by a blur behind it; before it where the kernel is 1x1,
    at the same result."""

    def __init__(self, *args, filter_size=3, taps=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.taps = _taps(filter_size, taps)

    def _conv_forward(self, input: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
        if max(self.kernel_size) == 1 and max(self._reversed_padding_repeated_twice) == 0:
            return self._dense(_blur_pool(input, self.stride, self.taps), weight, bias)
        return _blur_pool(self._dense(input, weight, bias), self.stride, self.taps)

    def extra_repr(self):
        return f"{super().extra_repr()}, taps={self.taps}"


class BlurPool1d(_BlurPool):
    """Blurs and subsamples [N, C, L]."""

    axes = 1


class BlurPool2d(_BlurPool):
    """Blurs and subsamples [N, C, H, W]."""

    axes = 2


class BlurPool3d(_BlurPool):
    """Blurs and subsamples [N, C, D, H, W]."""

    axes = 3


class MaxBlurPool1d(_MaxBlurPool, nn.MaxPool1d):
    """nn.MaxPool1d without aliasing."""

    axes = 1


class MaxBlurPool2d(_MaxBlurPool, nn.MaxPool2d):
    """nn.MaxPool2d without aliasing."""

    axes = 2


class MaxBlurPool3d(_MaxBlurPool, nn.MaxPool3d):
    """nn.MaxPool3d without aliasing."""

    axes = 3


class AvgBlurPool1d(_AvgBlurPool, nn.AvgPool1d):
    """nn.AvgPool1d with a better filter than a box, at the same place."""

    axes = 1


class AvgBlurPool2d(_AvgBlurPool, nn.AvgPool2d):
    """nn.AvgPool2d with a better filter than a box, at the same place."""

    axes = 2


class AvgBlurPool3d(_AvgBlurPool, nn.AvgPool3d):
    """nn.AvgPool3d with a better filter than a box, at the same place."""

    axes = 3


class BlurConv1d(_BlurConv, nn.Conv1d):
    """nn.Conv1d without aliasing, with the same parameters."""

    def _dense(self, input: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
        """nn.Conv1d's own `_conv_forward`, at stride 1."""
        if self.padding_mode != "zeros":
            input = F.pad(input, self._reversed_padding_repeated_twice, mode=self.padding_mode)
            return F.conv1d(input, weight, bias, 1, 0, self.dilation, self.groups)
        return F.conv1d(input, weight, bias, 1, self.padding, self.dilation, self.groups)


class BlurConv2d(_BlurConv, nn.Conv2d):
    """nn.Conv2d without aliasing, with the same parameters."""

    def _dense(self, input: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
        """nn.Conv2d's own `_conv_forward`, at stride 1."""
        if self.padding_mode != "zeros":
            input = F.pad(input, self._reversed_padding_repeated_twice, mode=self.padding_mode)
            return F.conv2d(input, weight, bias, 1, 0, self.dilation, self.groups)
        return F.conv2d(input, weight, bias, 1, self.padding, self.dilation, self.groups)


class BlurConv3d(_BlurConv, nn.Conv3d):
    """nn.Conv3d without aliasing, with the same parameters."""

    def _dense(self, input: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
        """nn.Conv3d's own `_conv_forward`, at stride 1."""
        if self.padding_mode != "zeros":
            input = F.pad(input, self._reversed_padding_repeated_twice, mode=self.padding_mode)
            return F.conv3d(input, weight, bias, 1, 0, self.dilation, self.groups)
        return F.conv3d(input, weight, bias, 1, self.padding, self.dilation, self.groups)


def blur_pool1d(x, stride=2, filter_size=3, *, taps=None):
    """Blurs and subsamples [N, C, L] or [C, L]."""
    return _blur_pool(x, _per_axis(stride, 1), _taps(filter_size, taps))


def blur_pool2d(x, stride=2, filter_size=3, *, taps=None):
    """Blurs and subsamples [N, C, H, W] or [C, H, W]."""
    return _blur_pool(x, _per_axis(stride, 2), _taps(filter_size, taps))


def blur_pool3d(x, stride=2, filter_size=3, *, taps=None):
    """Blurs and subsamples [N, C, D, H, W] or [C, D, H, W]."""
    return _blur_pool(x, _per_axis(stride, 3), _taps(filter_size, taps))


def max_blur_pool1d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, *, filter_size=3, taps=None):
    """F.max_pool1d without aliasing: the maximum at stride 1, then a blur."""
    kernel = _per_axis(kernel_size, 1)
    steps = _steps(stride, kernel, 1)
    pads, gaps = _per_axis(padding, 1), _per_axis(dilation, 1)
    return _max_blur_pool(input, kernel, steps, pads, gaps, bool(ceil_mode), _taps(filter_size, taps))


def max_blur_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, *, filter_size=3, taps=None):
    """F.max_pool2d without aliasing: the maximum at stride 1, then a blur."""
    kernel = _per_axis(kernel_size, 2)
    steps = _steps(stride, kernel, 2)
    pads, gaps = _per_axis(padding, 2), _per_axis(dilation, 2)
    return _max_blur_pool(input, kernel, steps, pads, gaps, bool(ceil_mode), _taps(filter_size, taps))


def max_blur_pool3d(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, *, filter_size=3, taps=None):
    """F.max_pool3d without aliasing: the maximum at stride 1, then a blur."""
    kernel = _per_axis(kernel_size, 3)
    steps = _steps(stride, kernel, 3)
    pads, gaps = _per_axis(padding, 3), _per_axis(dilation, 3)
    return _max_blur_pool(input, kernel, steps, pads, gaps, bool(ceil_mode), _taps(filter_size, taps))


def avg_blur_pool1d(
    input,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
    *,
    filter_size=None,
    taps=None,
):
    """F.avg_pool1d with a better filter than a box, at the same place."""
    _refuse_divisor(divisor_override)
    kernel = _per_axis(kernel_size, 1)
    steps = _steps(stride, kernel, 1)
    pads, filter = _per_axis(padding, 1), _taps(filter_size, taps)
    return _avg_blur_pool(input, kernel, steps, pads, bool(ceil_mode), bool(count_include_pad), filter)


def avg_blur_pool2d(
    input,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
    *,
    filter_size=None,
    taps=None,
):
    """F.avg_pool2d with a better filter than a box, at the same place."""
    _refuse_divisor(divisor_override)
    kernel = _per_axis(kernel_size, 2)
    steps = _steps(stride, kernel, 2)
    pads, filter = _per_axis(padding, 2), _taps(filter_size, taps)
    return _avg_blur_pool(input, kernel, steps, pads, bool(ceil_mode), bool(count_include_pad), filter)


def avg_blur_pool3d(
    input,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    count_include_pad=True,
    divisor_override=None,
    *,
    filter_size=None,
    taps=None,
):
    """F.avg_pool3d with a better filter than a box, at the same place."""
    _refuse_divisor(divisor_override)
    kernel = _per_axis(kernel_size, 3)
    steps = _steps(stride, kernel, 3)
    pads, filter = _per_axis(padding, 3), _taps(filter_size, taps)
    return _avg_blur_pool(input, kernel, steps, pads, bool(ceil_mode), bool(count_include_pad), filter)
