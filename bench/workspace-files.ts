import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Files of a generated workspace. */
export interface GeneratedWorkspace {
  /** Paths from its root. */
  readonly files: readonly string[];
  /** A helper that many files import, directly or through others, and files that do so. */
  readonly helper: string;
  readonly users: readonly string[];
}

const packageCount = 30;

/**
 * Writes a workspace of Python files: packages of models, each with helpers of its own and one for all packages. A third of the files
 * import others of the workspace: blocks that build a layer by the stride of their caller, through one to three files. The rest is half
 * models by themselves, from the test corpus, and half code without a network. No chance is in it.
 */
export function writeWorkspace(root: string, count: number): GeneratedWorkspace {
  const corpus = path.join(process.cwd(), 'test/fixtures/code');
  const textsOf = (names: readonly string[]) => names.map((name) => readFileSync(path.join(corpus, name), 'utf8'));
  const models = textsOf(['torch/resnet.py', 'torch/densenet.py', 'torch/mobilenet_v2.py', 'torch/googlenet.py', 'keras/resnet.py']);
  const plain = textsOf(['quiet/numpy_strides.py', 'quiet/torch_no_cnn.py', 'quiet/transformer.py']);
  const files = new Map<string, string>();
  files.set('common/__init__.py', 'from .layers import conv, down\n');
  files.set('common/layers.py', helperText());
  for (let index = 0; index < packageCount; index++) {
    files.set(`models${index}/__init__.py`, '');
    files.set(`models${index}/blocks.py`, blocksText());
  }
  const users: string[] = [];
  for (let index = files.size; index < count; index++) {
    const file = `models${index % packageCount}/net${index}.py`;
    const kind = index % 3;
    if (kind === 0) users.push(file);
    const others = kind === 1 ? models : plain;
    files.set(file, kind === 0 ? userText(index) : (others[Math.floor(index / 3) % others.length] ?? ''));
  }
  for (const [file, text] of files) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return { files: [...files.keys()], helper: 'common/layers.py', users };
}

function helperText(): string {
  return `"""Layers that all packages share."""

import torch.nn as nn

STEP = 2


def conv(inputs, outputs, stride=1):
    """A convolution with its normalisation and activation."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def down(size=STEP):
    return nn.MaxPool2d(size)
`;
}

function blocksText(): string {
  return `"""Blocks of this package."""

import torch.nn as nn

from common import conv, down


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.first = conv(inputs, outputs, stride)
        self.second = conv(outputs, outputs)
        self.shortcut = None if stride == 1 and inputs == outputs else nn.Conv2d(inputs, outputs, 1, stride)

    def forward(self, x):
        way = x if self.shortcut is None else self.shortcut(x)
        return self.second(self.first(x)) + way


def stage(block, inputs, outputs, depth, stride):
    layers = [block(inputs, outputs, stride)]
    for _ in range(1, depth):
        layers.append(block(outputs, outputs))
    return nn.Sequential(*layers)


__all__ = ["Block", "stage", "down"]
`;
}

function userText(index: number): string {
  const width = 16 + (index % 7) * 8;
  return `"""Network ${index}."""

import torch
from common import layers
from torch import nn

from .blocks import Block, stage


class Net${index}(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.stem = layers.conv(3, ${width}, stride=2)
        self.pool = nn.MaxPool2d(layers.STEP)
        self.stages = nn.ModuleList()
        inputs = ${width}
        for number, depth in enumerate([2, 2, 3]):
            outputs = ${width} * 2**number
            self.stages.append(stage(Block, inputs, outputs, depth, 1 if number == 0 else 2))
            inputs = outputs
        self.head = nn.Linear(inputs, classes)

    def forward(self, x):
        x = self.pool(self.stem(x))
        for one in self.stages:
            x = one(x)
        return self.head(torch.flatten(x.mean((2, 3)), 1))


def train(model, batches, rate=0.1):
    """Trains for one epoch."""
    optimiser = torch.optim.SGD(model.parameters(), lr=rate)
    for images, labels in batches:
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimiser.step()
`;
}
