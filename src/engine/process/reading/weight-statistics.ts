import type { StoredWeight } from '../../../core/formats/stored-weight';
import type { WeightFacts } from '../../../core/report/layer-facts';
import { RunningStatistics } from '../../../core/report/weight-statistics';

/** So much is read of the weights of one layer, and so many numbers at a time. */
const mostBytes = 1 << 24;
const pieceLength = 1 << 16;
/** More constants than any layer is looked at for. */
const mostWeights = 16;

/** What the weights of a layer come to; of large ones what evenly spaced pieces do. */
export async function weightStatistics(weights: readonly StoredWeight[]): Promise<readonly WeightFacts[]> {
  const shown = weights.slice(0, mostWeights);
  const facts: WeightFacts[] = [];
  for (const weight of shown) facts.push(await factsOf(weight, mostBytes / shown.length));
  return facts;
}

async function factsOf(weight: StoredWeight, bytes: number): Promise<WeightFacts> {
  const { name, shape, elementBytes } = weight;
  const count = shape.reduce((product, length) => product * length, 1);
  const running = new RunningStatistics();
  let seen = 0;
  for (const { start, length } of pieces(count, Math.max(pieceLength, Math.floor(bytes / elementBytes)))) {
    const values = await weight.read(start, length);
    if (values === undefined) break;
    running.add(values);
    seen += values.length;
  }
  return { name, shape, count, seen, statistics: running.result };
}

/** Pieces of `count` numbers that hold `most` of them together, evenly spaced where these are not all. */
function* pieces(count: number, most: number): Iterable<{ start: number; length: number }> {
  const wanted = Math.ceil(Math.min(count, most) / pieceLength);
  const step = count <= most ? pieceLength : (count - pieceLength) / Math.max(1, wanted - 1);
  for (let index = 0; index < wanted; index++) {
    const start = Math.floor(index * step);
    yield { start, length: Math.min(pieceLength, count - start) };
  }
}
