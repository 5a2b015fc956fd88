import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { inMemory } from '../../../src/core/formats/byte-source';
import type { ModelSource, OpenedModel } from '../../../src/core/formats/format';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import { selectPlans } from '../../../src/core/lint/select-plans';
import { totalPrice } from '../../../src/core/lint/total-price';
import { ModelError } from '../../../src/core/model-error';
import { blurFilter, blurFilterNames } from '../../../src/core/rewrite/filters';
import { changedSource } from '../../../src/engine/output/changed-source';
import type { Random } from '../random';

/** A model that is mutated, with the files beside it. */
export function fuzzedSource(path: string, bytes: Uint8Array, files: ReadonlyMap<string, Uint8Array>, isWhole: boolean): ModelSource {
  const sibling = (name: string): Promise<Uint8Array | undefined> => Promise.resolve(files.get(name));
  return {
    path,
    ...inMemory(bytes),
    readSibling: sibling,
    siblingSize: async (name) => (await sibling(name))?.length,
    readSiblingRange: async (name, offset, length) => (await sibling(name))?.subarray(offset, offset + length),
    ...(isWhole && { whole: bytes }),
  };
}

/** Everything that is done with a model short of running it: read, judge, price, plan, fix, read what was written, plan a measurement. */
export async function useModel(random: Random, source: ModelSource): Promise<void> {
  const model = await openModel(source);
  const findings = lintGraph(model, {
    filter: blurFilter(random.pick(blurFilterNames)),
    ...(random.chance(0.3) && { plan: { padding: 'zero', splitStride: true } }),
  });
  await model.locate(findings.map(({ layer }) => layer));
  await fixed(model, findings, random.chance(0.5) ? 'all' : { layers: findings.map(({ layer }) => layer) });
  typed(() => planMeasurement(model.graph));
}

async function fixed(
  model: OpenedModel,
  findings: Parameters<typeof selectPlans>[0],
  request: Parameters<typeof selectPlans>[1],
): Promise<void> {
  const { plans, refused } = selectPlans(findings, request);
  if (plans.length === 0) return;
  const patch = await model.patch(plans);
  totalPrice(findings, [...patch.outcomes, ...refused]);
  if (!patch.outcomes.some(({ ok }) => ok)) return;
  try {
    await openModel(changedSource(model, patch));
  } catch (error) {
    throw new Error(`What a fix writes cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** A step that may refuse without ending the case. */
function typed(step: () => unknown): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
  }
}
