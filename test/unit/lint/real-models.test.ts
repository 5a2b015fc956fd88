import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import type { RuleId } from '../../../src/core/rules/registry';
import { modelOnDisk, realModels } from '../real-models';

/** One expected finding: layer, rule, stride, cumulative stride behind the layer, and whether "fix all" takes it. */
type Expected = readonly [layer: string, rule: RuleId, stride: number, cumulativeStride: number, fix: 'fix all' | 'on request' | 'none'];

/**
 * Written down by hand from the files: the topology of the two model.json, and for ONNX every node with strides above 1 as the
 * reference implementation's decoder prints it. A node without a name goes by its output tensor.
 */
const expectedFindings: Readonly<Record<string, readonly Expected[]>> = {
  'doodlenet/model.json': [
    ['max_pooling2d', 'strided-max-pool', 2, 2, 'fix all'],
    ['max_pooling2d_1', 'strided-max-pool', 2, 4, 'fix all'],
    ['max_pooling2d_2', 'strided-max-pool', 2, 8, 'fix all'],
  ],
  'darknet-tiny/model.json': [
    ['max_pooling2d_1', 'strided-max-pool', 2, 2, 'fix all'],
    ['max_pooling2d_2', 'strided-max-pool', 2, 4, 'fix all'],
    ['max_pooling2d_3', 'strided-max-pool', 2, 8, 'fix all'],
    ['max_pooling2d_4', 'strided-max-pool', 2, 16, 'fix all'],
  ],
  'onnx/light_vgg19.onnx': [
    ['n4', 'strided-max-pool', 2, 2, 'fix all'],
    ['n9', 'strided-max-pool', 2, 4, 'fix all'],
    ['n18', 'strided-max-pool', 2, 8, 'fix all'],
    ['n27', 'strided-max-pool', 2, 16, 'fix all'],
    ['n36', 'strided-max-pool', 2, 32, 'fix all'],
  ],
  'onnx/version-RFB-320.onnx': [
    ['245', 'strided-conv', 2, 2, 'on request'],
    ['254', 'strided-conv', 2, 4, 'fix all'],
    ['266', 'strided-conv', 2, 8, 'fix all'],
    ['343', 'strided-conv', 2, 16, 'fix all'],
    ['389', 'strided-conv', 2, 32, 'fix all'],
    ['431', 'strided-conv', 2, 64, 'fix all'],
  ],
  'onnx/opt-mnist.onnx': [
    ['Pooling66', 'strided-max-pool', 2, 2, 'fix all'],
    ['Pooling160', 'strided-max-pool', 3, 6, 'fix all'],
  ],
  'onnx/light_bvlc_alexnet.onnx': [
    ['n0', 'strided-conv', 4, 4, 'on request'],
    ['n3', 'strided-max-pool', 2, 8, 'fix all'],
    ['n7', 'strided-max-pool', 2, 16, 'fix all'],
    ['n14', 'strided-max-pool', 2, 32, 'fix all'],
  ],
  'onnx/light_squeezenet.onnx': [
    ['n0', 'strided-conv', 2, 2, 'on request'],
    ['n2', 'strided-max-pool', 2, 4, 'fix all'],
    ['n17', 'strided-max-pool', 2, 8, 'fix all'],
    ['n32', 'strided-max-pool', 2, 16, 'fix all'],
  ],
  'onnx/light_densenet121.onnx': [
    ['n0', 'strided-conv', 2, 2, 'on request'],
    ['n7', 'strided-max-pool', 2, 4, 'fix all'],
    ['n105', 'strided-avg-pool', 2, 8, 'fix all'],
    ['n293', 'strided-avg-pool', 2, 16, 'fix all'],
    ['n661', 'strided-avg-pool', 2, 32, 'fix all'],
  ],
  'onnx/light_inception_v1.onnx': [
    ['n0', 'strided-conv', 2, 2, 'on request'],
    ['n2', 'strided-max-pool', 2, 4, 'fix all'],
    ['n9', 'strided-max-pool', 2, 8, 'fix all'],
    ['n38', 'strided-max-pool', 2, 16, 'fix all'],
    ['n109', 'strided-max-pool', 2, 32, 'fix all'],
  ],
  'onnx/light_resnet50.onnx': [
    ['n0', 'strided-conv', 2, 2, 'on request'],
    ['n3', 'strided-max-pool', 2, 4, 'fix all'],
    ['n39', 'strided-conv', 2, 8, 'fix all'],
    ['n44', 'strided-pointwise-conv', 2, 8, 'fix all'],
    ['n81', 'strided-conv', 2, 16, 'fix all'],
    ['n86', 'strided-pointwise-conv', 2, 16, 'fix all'],
    ['n143', 'strided-conv', 2, 32, 'fix all'],
    ['n148', 'strided-pointwise-conv', 2, 32, 'fix all'],
  ],
};

describe.skipIf(realModels === undefined)('real models', () => {
  it.each(Object.entries(expectedFindings))('%s', async (file, expected) => {
    const { source } = await modelOnDisk(path.join(realModels ?? '', file));
    const findings = lintGraph(await openModel(source));
    const seen = findings.map(({ layer, rule, stride, cumulativeStride, fix }) => [
      layer,
      rule,
      stride,
      cumulativeStride,
      !fix.ok ? 'none' : fix.inFixAll ? 'fix all' : 'on request',
    ]);
    expect(seen).toEqual(expected.map(([layer, rule, s, q, fix]) => [layer, rule, [s, s], [q, q], fix]));
  });
});
