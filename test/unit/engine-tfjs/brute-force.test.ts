import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { planarGraph } from '../../../src/core/equivariance/plan/planar-graph';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { tfjsLayersFormat } from '../../../src/core/formats/tfjs-layers/index';
import type { Engine } from '../../../src/engine/runtimes/engine';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { payloadSource } from '../../../src/engine/input/source';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { takingSums } from '../../../src/engine/runtimes/tfjs/level-results';
import { openCircular } from '../../../src/engine/runtimes/tfjs/open-circular';
import { readModel } from '../../../src/engine/input/read-model';
import { randomImage, runShifted } from '../equivariance/every-shift';
import { expectEveryShift } from '../equivariance/expect-every-shift';
import { families, layersFile, signals } from './layers-families';

describe.each([...families, ...signals])('$name', (family) => {
  let engine: Engine;
  let payload: ModelPayload;

  beforeAll(async () => {
    engine = await createTfjsEngine();
    payload = await layersFile(family);
  });

  it.each(['flat', 'channel'] as const)('%s heatmaps agree with running every shift', async (metric) => {
    await expectEveryShift({ engine, format: tfjsLayersFormat, payload, size: family.size }, metric);
  });

  it('heatmaps by sums that the backend takes agree with running every shift', async () => {
    const summing: Engine = { ...engine, openCircular: async (read, plan) => takingSums(await openCircular(tf, read, plan)) };
    await expectEveryShift({ engine: summing, format: tfjsLayersFormat, payload, size: family.size }, 'flat');
  });

  it('gives back every tensor', async () => {
    const graph = planarGraph((await tfjsLayersFormat.open(payloadSource(payload))).graph);
    const plan = planMeasurement(graph);
    const before = tf.memory().numTensors;
    const circular = await engine.openCircular(await readModel(payload), plan);
    const loaded = tf.memory().numTensors;
    await runShifted(plan, circular, randomImage(plan, graph.layout), graph.layout, [0, 0]);
    expect(tf.memory().numTensors).toBe(loaded);
    await circular.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
