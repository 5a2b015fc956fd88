"""Writes every layer that the models of a package build, or run, with a stride above 1: its class, its stride and the way of calls to it.

`record.py PACKAGE OUT.json`. Models are built on the meta device, where weights take no memory, and run once on an image there for the pools
that are plain functions. The way holds the lines of the package's own files, innermost first; where another installed library builds the layer, it is named.
"""

import importlib
import json
import os
import sys
import warnings

import torch
import torch.nn.functional as F
from torch import nn

from makers import makers

warnings.filterwarnings("ignore")

LAYERS = [nn.modules.conv._ConvNd, nn.modules.pooling._MaxPoolNd, nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d]
FUNCTIONS = ["max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d"]


def library_of(file):
    """The installed package, other than PyTorch itself, that a file belongs to."""
    _, found, inner = file.partition(os.sep + "site-packages" + os.sep)
    name = inner.split(os.sep)[0]
    return name if found and name != "torch" else None


class Recorder:
    """Takes down what is built, and run, while a model has its turn."""

    def __init__(self, root):
        self.root = root
        self.model = None
        self.records = []

    def note(self, layer, stride):
        steps = [stride] if isinstance(stride, int) else [step for step in stride or [] if isinstance(step, int)]
        if self.model is None or not any(step > 1 for step in steps):
            return
        path = []
        library = None
        frame = sys._getframe(2)
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith(self.root):
                path.append([file[len(self.root) :], frame.f_lineno])
            elif not path and library is None:
                library = library_of(file)
            frame = frame.f_back
        self.records.append({"model": self.model, "layer": layer, "stride": steps, "path": path, "library": library})

    def watch_layer(self, cls):
        build = cls.__init__

        def watched(layer, *given, **named):
            build(layer, *given, **named)
            if not getattr(layer, "transposed", False):
                self.note(type(layer).__name__, getattr(layer, "stride", None))

        cls.__init__ = watched

    def watch_function(self, name):
        run = getattr(F, name)

        def watched(image, kernel_size, stride=None, *given, **named):
            # The modules' own calls, and those that a device mode makes once more.
            inside = sys._getframe(1).f_code.co_filename.startswith(os.path.dirname(torch.__file__) + os.sep)
            if not inside:
                self.note(name, kernel_size if stride is None else stride)
            return run(image, kernel_size, stride, *given, **named)

        setattr(F, name, watched)


def main():
    package, out = sys.argv[1:]
    recorder = Recorder("")
    # Before the package is imported: what it takes from there by name is watched too.
    for name in FUNCTIONS:
        recorder.watch_function(name)
    for layer in LAYERS:
        recorder.watch_layer(layer)
    recorder.root = os.path.dirname(importlib.import_module(package).__file__) + os.sep
    failed = []
    models = makers[package]()
    for name, make in models:
        recorder.model = name
        try:
            with torch.device("meta"):
                model = make()
        except Exception as error:
            failed.append([name, str(error)[:100]])
            continue
        finally:
            recorder.model = None
        recorder.model = name
        try:
            with torch.device("meta"), torch.no_grad():
                model.eval()(torch.empty(1, 3, 224, 224))
        except Exception:
            # Not every model takes one image of this size: what it has run until then counts.
            pass
        recorder.model = None
    with open(out, "w") as file:
        json.dump({"root": recorder.root, "records": recorder.records, "failed": failed, "models": len(models)}, file)
    print(f"{package}: {len(models)} models, {len(recorder.records)} strided layers, {len(failed)} models stopped on the way")


main()
