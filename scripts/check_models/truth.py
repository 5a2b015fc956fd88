"""What a network really does: every call of a window function that subsamples, by its kind, whatever class called it."""

from collections import Counter

import torch
import torch.nn.functional as functional
from torch.overrides import TorchFunctionMode

CONVOLUTIONS = {torch.conv1d, torch.conv2d, torch.conv3d, functional.conv1d, functional.conv2d, functional.conv3d}
MAX_POOLS = {functional.max_pool2d, torch.max_pool2d}
AVERAGE_POOLS = {functional.avg_pool2d, torch._C._nn.avg_pool2d}


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def argument(args, kwargs, place, name, default):
    value = kwargs.get(name, args[place] if len(args) > place else default)
    return default if value is None or value == [] else value


class Subsampling(TorchFunctionMode):
    """Counts the calls while a network runs."""

    def __init__(self):
        super().__init__()
        self.counts = Counter()
        self.distinct = Counter()
        self.pooled = []

    def __torch_function__(self, called, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        output = called(*args, **kwargs)
        kind = "convolution" if called in CONVOLUTIONS else "max-pool" if called in MAX_POOLS else None
        kind = "average-pool" if called in AVERAGE_POOLS else kind
        if kind is not None:
            self.note(kind, args, kwargs, output)
        return output

    def note(self, kind, args, kwargs, output):
        image = args[0] if args else kwargs["input"]
        if kind == "convolution":
            stride = pair(argument(args, kwargs, 3, "stride", 1))
            if is_fixed_blur(args[1] if len(args) > 1 else kwargs["weight"], image):
                return
        else:
            kernel = argument(args, kwargs, 1, "kernel_size", 1)
            stride = pair(argument(args, kwargs, 2, "stride", kernel))
        subsamples = any(step > 1 and length > 1 for step, length in zip(stride, image.shape[2:]))
        if subsamples and any(length > 1 for length in output.shape[2:]):
            self.counts[kind] += 1
            self.distinct[kind] += kind == "convolution" or not self.repeats(kind, image, stride)

    def repeats(self, kind, image, stride):
        """Whether a map has been pooled so before; the exporter of torch.export does so once."""
        known = any(before == (kind, stride) and other is image for before, other in self.pooled)
        self.pooled.append(((kind, stride), image))
        return known


def is_fixed_blur(weight, image):
    """A depthwise kernel that all channels share and that sums to one: a BlurPool."""
    if weight.shape[1] != 1 or weight.shape[0] != image.shape[1] or weight[0].numel() == 1:
        return False
    return bool((weight == weight[:1]).all()) and abs(float(weight[0].sum()) - 1) < 1e-4


def subsampling_of(network, size):
    """How often each kind of layer subsamples in one run, and how often if what pools one map alike counts once."""
    with torch.no_grad(), Subsampling() as mode:
        network(torch.zeros(1, 3, size, size))
    return mode.counts, mode.distinct
