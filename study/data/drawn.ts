import { between, seededRandom, type Random } from '../../samples/train/random';
import { coverage, insideShape } from '../../samples/train/shapes';
import { classCount, imageLength, side, type DataSet, type LabelledImages } from './data-set';

/** Whether a point lies in a figure, in units of its radius from its centre. */
type Inside = (x: number, y: number) => boolean;

/** The classes: the sample's six shapes and four that are easily taken for one of them. */
const figures: readonly Inside[] = [
  ...Object.values(insideShape),
  // A hexagon, nearly a circle.
  (x, y) => Math.max(Math.abs(x), 0.5 * Math.abs(x) + 0.866 * Math.abs(y)) < 0.85,
  // A crescent, nearly a ring.
  (x, y) => Math.hypot(x, y) < 0.95 && Math.hypot(x - 0.4, y) > 0.65,
  // A frame, nearly a square.
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.8 && Math.max(Math.abs(x), Math.abs(y)) > 0.42,
  // A bow tie, nearly a cross.
  (x, y) => Math.abs(x) < 0.9 && Math.abs(y) < Math.abs(x) * 0.85 + 0.05,
];

/**
 * Figures of ten classes, textured with fine stripes before striped grounds, with lines across and noise. They stand near
 * the middle, as what CIFAR-10 shows does. All from the seeds.
 */
export function drawDataSet(trainingImages: number, testImages: number): DataSet {
  return { training: draw(trainingImages, 1), test: draw(testImages, 2) };
}

function draw(count: number, seed: number): LabelledImages {
  const random = seededRandom(seed);
  const pixels = new Uint8Array(count * imageLength);
  const labels = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    const label = Math.floor(random() * classCount);
    labels[image] = label;
    drawImage(label, random, pixels.subarray(image * imageLength, (image + 1) * imageLength));
  }
  return { count, pixels, labels };
}

function drawImage(label: number, random: Random, target: Uint8Array): void {
  const [ground, figure] = twoPaints(random);
  const covers = placed(figures[label] ?? (() => false), random);
  const scratches = Array.from({ length: Math.floor(between(random, 0, 2)) }, () => scratch(random));
  const noise = between(random, 0, 0.15);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const share = coverage(covers, x, y);
      const scratched = scratches.find(({ meets }) => meets(x, y))?.colour;
      for (let channel = 0; channel < 3; channel++) {
        const behind = ground(x, y, channel);
        const drawn = scratched?.[channel] ?? behind + share * (figure(x, y, channel) - behind);
        target[(y * side + x) * 3 + channel] = Math.round(255 * Math.min(1, Math.max(0, drawn + noise * (random() - 0.5))));
      }
    }
  }
}

/** Value of a channel at a pixel. */
type Paint = (x: number, y: number, channel: number) => number;

/** The ground's and the figure's, which is the lighter one; each has stripes of its own. */
function twoPaints(random: Random): readonly [Paint, Paint] {
  const ground = [random(), random(), random()].map((value) => 0.6 * value);
  const figure = ground.map((value) => value + between(random, 0.15, 0.45));
  return [striped(ground, random), striped(figure, random)];
}

function striped(colour: readonly number[], random: Random): Paint {
  const [depth, angle, phase] = [between(random, 0, 0.15), between(random, 0, Math.PI), between(random, 0, 2 * Math.PI)];
  const frequency = (2 * Math.PI) / between(random, 2.2, 8);
  const [alongX, alongY] = [frequency * Math.cos(angle), frequency * Math.sin(angle)];
  return (x, y, channel) => (colour[channel] ?? 0) + depth * Math.sin(alongX * x + alongY * y + phase);
}

/** The figure somewhere near the middle: turned, stretched, of random size. */
function placed(inside: Inside, random: Random): (x: number, y: number) => boolean {
  const centre = [between(random, 14, 18), between(random, 14, 18)] as const;
  const [radius, stretch, angle] = [between(random, 7, 12), between(random, 0.85, 1.18), between(random, -0.35, 0.35)];
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => {
    const [dx, dy] = [(x - centre[0]) / radius, (y - centre[1]) / radius];
    return inside((dx * cosine + dy * sine) * stretch, (dy * cosine - dx * sine) / stretch);
  };
}

/** A line across the image, about a pixel wide. */
function scratch(random: Random): { readonly colour: readonly number[]; readonly meets: (x: number, y: number) => boolean } {
  const colour = [random(), random(), random()];
  const angle = between(random, 0, Math.PI);
  const [alongX, alongY] = [Math.cos(angle), Math.sin(angle)];
  const offset = between(random, 6, 26) * alongX + between(random, 6, 26) * alongY;
  return { colour, meets: (x, y) => Math.abs(x * alongX + y * alongY - offset) < 0.6 };
}
