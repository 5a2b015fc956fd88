import { describe, expect, it } from 'vitest';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { tfjsGraphFormat } from '../../../src/core/formats/tfjs-graph/index';
import { payloadSource } from '../../../src/engine/input/source';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { expectEveryShift } from '../equivariance/expect-every-shift';
import { families, graphFile } from './graph-families';

describe.each(families)('graph-models: $name', (family) => {
  it.each(['flat', 'channel'] as const)('%s heatmaps agree with running every shift', async (metric) => {
    await expectEveryShift(
      { engine: await createTfjsEngine(), format: tfjsGraphFormat, payload: graphFile(family), size: family.size },
      metric,
    );
  });
});

it.each(families.filter(({ periods }) => periods !== undefined))('graph-models: $name repeats with its strides', async (family) => {
  const { layers } = planMeasurement((await tfjsGraphFormat.open(payloadSource(graphFile(family)))).graph);
  expect(layers.slice(-2).map(({ period }) => period)).toEqual(family.periods);
});
