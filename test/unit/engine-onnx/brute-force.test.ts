import { describe, test } from 'vitest';
import { onnxFormat } from '../../../src/core/formats/onnx/index';
import { createOnnxEngine } from '../../../src/engine/runtimes/onnx/index';
import { expectEveryShift } from '../equivariance/expect-every-shift';
import { families, fileOf, signals, turned } from './families';
import { inMemory } from './measuring';

describe.each([...families, ...signals, ...turned])('$name', (family) => {
  const payload = inMemory(fileOf(family));

  test.each(['flat', 'channel'] as const)('%s heatmaps agree with running every shift', async (metric) => {
    await expectEveryShift({ engine: await createOnnxEngine(), format: onnxFormat, payload, size: family.size }, metric);
  });
});
