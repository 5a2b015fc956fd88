import { between, seededRandom, type Random } from './random';

/** Classes in the order of the network's outputs. */
export const classNames = ['circle', 'square', 'triangle', 'cross', 'ring', 'star'] as const;

/** Side of an image in pixels. */
export const side = 32;

/** Samples per pixel and axis, so that edges are smooth. */
const oversampling = 3;

/** Whether a point (in units of the shape's radius, its centre at 0) lies in the shape. */
export const insideShape: Readonly<Record<(typeof classNames)[number], (x: number, y: number) => boolean>> = {
  circle: (x, y) => Math.hypot(x, y) < 0.9,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.75,
  triangle: (x, y) => y < 0.6 && y > Math.abs(x) * 1.73 - 0.9,
  cross: (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.26 && Math.max(Math.abs(x), Math.abs(y)) < 0.95,
  ring: (x, y) => Math.hypot(x, y) < 0.95 && Math.hypot(x, y) > 0.55,
  star: (x, y) => Math.hypot(x, y) < 0.45 + 0.5 * Math.abs((((Math.atan2(y, x) / (2 * Math.PI)) * 5 + 10.5) % 1) - 0.5) * 2,
};

/** Images `[count, side, side, 3]`, values 0 to 1, and their classes. */
export interface ShapeSet {
  readonly images: Float32Array;
  readonly classes: Int32Array;
}

/** Draws `count` shapes: random class, colours, place, size, rotation and noise, all from the seed. */
export function drawShapes(count: number, seed: number): ShapeSet {
  const random = seededRandom(seed);
  const images = new Float32Array(count * side * side * 3);
  const classes = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    const kind = Math.floor(random() * classNames.length);
    classes[index] = kind;
    images.set(drawShape(kind, random), index * side * side * 3);
  }
  return { images, classes };
}

/** One image `[side, side, 3]` of the class. */
export function drawShape(kind: number, random: Random): Float32Array {
  const inside = insideShape[classNames[kind] ?? 'circle'];
  const colour = (): readonly [number, number, number] => [random(), random(), random()];
  const background = colour();
  let foreground = colour();
  while (contrast(foreground, background) < 0.5) foreground = colour();
  const radius = between(random, 6, 12);
  const centre = [between(random, radius, side - radius), between(random, radius, side - radius)] as const;
  const angle = between(random, 0, 2 * Math.PI);
  const [cosine, sine] = [Math.cos(angle) / radius, Math.sin(angle) / radius];
  const covers = (px: number, py: number): boolean => {
    const [dx, dy] = [px - centre[0], py - centre[1]];
    return inside(dx * cosine + dy * sine, dy * cosine - dx * sine);
  };
  const noise = between(random, 0, 0.12);
  const image = new Float32Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const share = coverage(covers, x, y);
      for (const [channel, ground] of background.entries()) {
        const value = ground + share * ((foreground[channel] ?? 0) - ground) + noise * (random() - 0.5);
        image[(y * side + x) * 3 + channel] = Math.min(1, Math.max(0, value));
      }
    }
  }
  return image;
}

/** The share of a pixel that a shape covers, in [0, 1]. */
export function coverage(covers: (x: number, y: number) => boolean, x: number, y: number): number {
  let hits = 0;
  for (let sy = 0; sy < oversampling; sy++) {
    for (let sx = 0; sx < oversampling; sx++) {
      if (covers(x + (sx + 0.5) / oversampling, y + (sy + 0.5) / oversampling)) hits += 1;
    }
  }
  return hits / oversampling ** 2;
}

function contrast(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, channel) => value - (b[channel] ?? 0)));
}
