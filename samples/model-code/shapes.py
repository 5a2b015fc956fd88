"""A small network in PyTorch: open it, and fix what Shiftlint underlines."""

import torch.nn.functional as F
from torch import nn


def conv3x3(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1)


class Stage(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv = conv3x3(inputs, outputs, stride)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))


class Shapes(nn.Module):
    def __init__(self, classes=4):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.pool1 = nn.MaxPool2d(2)
        self.stage2 = Stage(16, 32)
        self.pool2 = nn.MaxPool2d(2)
        self.stage3 = Stage(32, 64, stride=2)
        self.classify = nn.Linear(64, classes)

    def forward(self, x):
        x = self.pool1(F.relu(self.conv1(x)))
        x = self.pool2(self.stage2(x))
        return self.classify(self.stage3(x).mean((2, 3)))
