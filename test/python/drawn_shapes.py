"""Drawn shapes for the checks of the recovery scripts: the classes of samples/train/shapes.ts, in numpy."""

import numpy as np

# Whether a point lies in the shape, its centre at 0 and its radius 1.
SHAPES = {
    "circle": lambda x, y: np.hypot(x, y) < 0.9,
    "square": lambda x, y: np.maximum(abs(x), abs(y)) < 0.75,
    "triangle": lambda x, y: (y < 0.6) & (y > abs(x) * 1.73 - 0.9),
    "cross": lambda x, y: (np.minimum(abs(x), abs(y)) < 0.26) & (np.maximum(abs(x), abs(y)) < 0.95),
    "ring": lambda x, y: (np.hypot(x, y) < 0.95) & (np.hypot(x, y) > 0.55),
    "star": lambda x, y: np.hypot(x, y) < 0.45 + abs((np.arctan2(y, x) / (2 * np.pi) * 5 + 10.5) % 1 - 0.5),
}

# Samples per pixel and axis, so that edges are smooth.
OVERSAMPLING = 3


def drawn_shapes(count, seed, side=32):
    """Images [count, side, side, 3] with values from 0 to 1, and their classes: random colours, places, sizes, angles and noise."""
    rng = np.random.default_rng(seed)
    images = np.empty((count, side, side, 3), "float32")
    classes = rng.integers(len(SHAPES), size=count)
    for image, kind in zip(images, classes):
        image[:] = _draw(list(SHAPES.values())[kind], rng, side)
    return images, classes


def _draw(inside, rng, side):
    ground, colour = rng.random(3), rng.random(3)
    while np.linalg.norm(colour - ground) < 0.5:
        colour = rng.random(3)
    radius = rng.uniform(side * 3 / 16, side * 3 / 8)
    across, down = rng.uniform(radius, side - radius, size=2)
    angle = rng.uniform(-0.25, 0.25)
    at = (np.arange(side * OVERSAMPLING) + 0.5) / OVERSAMPLING
    x, y = np.meshgrid((at - across) / radius, (at - down) / radius)
    covered = inside(x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle))
    share = covered.reshape(side, OVERSAMPLING, side, OVERSAMPLING).mean((1, 3))[..., None]
    noise = rng.uniform(0, 0.12) * (rng.random((side, side, 3)) - 0.5)
    return np.clip(ground + share * (colour - ground) + noise, 0, 1)
