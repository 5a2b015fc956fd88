import { topClass } from '../consistency/class-map';
import { shareOf, type Share } from '../consistency/interval';
import { isVectorShape } from '../equivariance/plan/output-plan';
import type { BeforeAfter } from './before-after';

/** What the original, the fixed model as inserted and the recovered one answer to the same images, one array an image. */
export interface Answers {
  /** Shape of one answer, the batch aside. */
  readonly shape: readonly number[];
  readonly original: readonly Float32Array[];
  readonly inserted: readonly Float32Array[];
  readonly recovered: readonly Float32Array[];
}

/** Classes that count as the original's best. */
const bestClasses = 5;

/** Share of images with the original's class, and with one of its five best; null where answers are no vectors of class scores. */
export function classAgreement({
  shape,
  original,
  inserted,
  recovered,
}: Answers): { readonly fidelity: BeforeAfter<Share>; readonly top5: BeforeAfter<Share> } | null {
  if (original.length === 0 || !isVectorShape(shape) || original.some(({ length }) => length < 2)) return null;
  const best = original.map((scores) => [...scores.keys()].toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, bestClasses));
  const share = (answers: readonly Float32Array[], classes: number): Share =>
    required(
      shareOf(
        answers.map((scores, image) => ({
          successes: best[image]?.slice(0, classes).includes(topClass(scores)) === true ? 1 : 0,
          trials: 1,
        })),
      ),
    );
  const nearness = (classes: number): BeforeAfter<Share> => ({ before: share(inserted, classes), after: share(recovered, classes) });
  return { fidelity: nearness(1), top5: nearness(bestClasses) };
}

/** Mean cosine between answers and the original's; two answers of zeros agree. */
export function answerCosine({ original, inserted, recovered }: Answers): BeforeAfter<number> {
  const mean = (answers: readonly Float32Array[]): number =>
    answers.reduce((sum, answer, image) => sum + cosine(answer, original[image] ?? new Float32Array()), 0) / Math.max(1, answers.length);
  return { before: mean(inserted), after: mean(recovered) };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, aa, bb] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index] ?? 0, b[index] ?? 0];
    product += x * y;
    aa += x * x;
    bb += y * y;
  }
  if (aa === 0 || bb === 0) return aa === bb ? 1 : 0;
  return product / Math.sqrt(aa * bb);
}

function required(share: Share | undefined): Share {
  if (share === undefined) throw new Error('There are no images to share.');
  return share;
}
