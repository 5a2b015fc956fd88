import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tensorFlowModule } from '../../../src/core/formats/tensor-flow-module';
import { labelOf, layerCalled, layerLabel } from '../../../src/core/graph/layer-labels';
import { planMeasurement } from '../../../src/core/equivariance/plan/plan';
import { selectPlans } from '../../../src/core/lint/select-plans';
import type { AdviceReport } from '../../../src/core/report/compare-report';
import { lintGraph } from '../../../src/core/lint/linter';
import { encodeNode, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { model, read } from '../onnx/models';
import { shiftlint } from '../cli/command-line';
import { fieldCases, judgedField, openField } from './cases';

describe('layers are called by the module that they were exported from', () => {
  it('where a Dynamo export keeps name scopes, with the innermost frame outside the framework', async () => {
    const { findings } = await judgedField('onnx/timm_basicblock_dynamo.onnx');
    const [first] = findings;
    expect(first).toMatchObject({
      label: 'bn1',
      layer: 'node_Conv_47',
      origin: { file: expect.stringMatching(/timm[\\/]models[\\/]resnet\.py$/), line: 132, text: 'x = self.bn1(x)' },
    });
    expect(first?.message).toMatch(/^Conv "bn1" /);
    for (const { label, message } of findings) expect(message).toContain(`"${label}"`);
    expect(new Set(findings.map(({ label }) => label)).size).toBe(findings.length);
  });

  it('in measurements and on request too', async () => {
    const { graph } = await openField('onnx/timm_basicblock_dynamo.onnx');
    expect(planMeasurement(graph).layers.map(({ label, layer }) => [label, layer])).toEqual(
      planMeasurement(graph).layers.map(({ layer }) => [layerLabel(graph, layer), layer]),
    );
    expect(layerCalled(graph, 'bn1')).toBe('node_Conv_47');
    expect(layerCalled(graph, 'node_Conv_47')).toBe('node_Conv_47');
    expect(layerCalled(graph, 'getitem')).toBe('node_Conv_47');
    expect(layerCalled(graph, 'nobody')).toBeUndefined();
  });

  it('in the plans and the sentences of fixes, applied and refused', async () => {
    const opened = await openField('onnx/timm_basicblock_dynamo.onnx');
    const findings = lintGraph(opened);
    const { plans, refused } = selectPlans(findings, { layers: findings.map(({ layer }) => layer) });
    const { outcomes } = await opened.patch(plans);
    expect(outcomes.length).toBeGreaterThan(1);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ ok: true, label: findings.find(({ layer }) => layer === outcome.layer)?.label });
      expect(outcome.ok && outcome.description).toContain(`"${outcome.label}"`);
    }
    const again = await opened.patch([...plans, ...plans.slice(0, 1)]);
    const sentences = [
      ...[...outcomes, ...again.outcomes, ...refused, ...selectPlans(findings, 'all').refused].map((outcome) =>
        outcome.ok ? outcome.description : outcome.reason,
      ),
      ...findings.flatMap(({ fix }) => (fix.ok ? fix.plan.notes : fix.reason)),
    ];
    expect(sentences.some((sentence) => sentence.includes('already gets a blur by another plan'))).toBe(true);
    for (const sentence of sentences) expect(sentence).not.toMatch(/node_/);
  });

  it('in every table and every JSON of the command line', async () => {
    const model = path.join(fieldCases, 'onnx/timm_basicblock_dynamo.onnx');
    const outputs = await Promise.all([
      shiftlint('measure', model),
      shiftlint('measure', model, '--protocol', 'deployed', '--shifts', 'diagonal', '--largest', '1'),
      shiftlint('compare', model, '--filter', 'tri-3'),
      shiftlint('advise', model, '--within', '50'),
    ]);
    for (const { code, stdout } of outputs) {
      expect(code).toBe(0);
      expect(stdout).toMatch(/^(?:bn1|act1) /m);
      expect(stdout).not.toMatch(/node_Conv|getitem|val_/);
    }
    const { stdout } = await shiftlint('advise', model, '--within', '50', '--json');
    const report = JSON.parse(stdout) as AdviceReport;
    const names = { layer: 'node_Conv_47', label: 'bn1', node: 'node_Conv_47', tensor: 'getitem' };
    expect(report.fixes).toContainEqual(expect.objectContaining(names));
    expect(report.lastSpatialLayer).toMatchObject({ label: expect.not.stringMatching(/node_/), node: expect.stringMatching(/^node_/) });
    expect((await shiftlint('advise', model, '--csv')).stdout).toMatch(/^bn1,node_Conv_47,getitem,/m);
  });

  it('and told apart where one module has several', async () => {
    const node = (name: string, opType: string, input: string, output: string): Uint8Array =>
      encodeNode({ name, opType, inputs: [input], outputs: [output] });
    const graph = await read(
      model({
        nodes: [
          node('/layer1/layer1.0/conv1/Conv', 'Relu', 'x', 'a'),
          node('/layer1/layer1.0/Relu', 'Relu', 'a', 'b'),
          node('/layer1/layer1.0/Relu_1', 'Relu', 'b', 'c'),
          node('/layer1/layer1.0/Neg', 'Neg', 'c', 'd'),
          node('', 'Neg', 'd', 'e'),
          node('StatefulPartitionedCall/resnet/conv1/Conv2D', 'Neg', 'e', 'f'),
        ],
        inputs: [encodeValueInfo('x', 1, [1, 3, 4, 4])],
        outputs: [encodeValueInfo('f')],
      }),
    );
    expect(graph.layers.map(labelOf)).toEqual([
      'layer1.0.conv1',
      'layer1.0 (Relu)',
      'layer1.0 (Relu) #2',
      'layer1.0 (Neg)',
      'e',
      'resnet/conv1',
    ]);
  });

  it.each([
    ['StatefulPartitionedCall/StatefulPartitionedCall/model/block/conv/BiasAdd', 'model/block/conv'],
    ['PartitionedCall_1/model/pool/MaxPool', 'model/pool'],
    ['StatefulPartitionedCall/Conv2D', undefined],
    // tf2onnx, Keras 2 and 3.
    ['model/conv1/Conv2D', 'model/conv1'],
    ['resnet50/conv2_block1_1_conv/BiasAdd__34', 'resnet50/conv2_block1_1_conv'],
    ['sequential/max_pooling2d_1/MaxPool', 'sequential/max_pooling2d_1'],
    ['functional_1/conv2d_1/convolution', 'functional_1/conv2d_1'],
    ['functional_1/conv1d_2_1/conv1d', 'functional_1/conv1d_2_1'],
    ['conv2d_transpose_1/conv2d_transpose', 'conv2d_transpose_1'],
    // slim and frozen graphs: MobileNet v3 and v1 as CenterNet, SSD and PoseNet have them.
    ['tower_0/MobilenetV3/Conv/BatchNorm/FusedBatchNorm', 'tower_0/MobilenetV3/Conv/BatchNorm'],
    ['tower_0/MobilenetV3/expanded_conv/depthwise/depthwise', 'tower_0/MobilenetV3/expanded_conv/depthwise'],
    ['tower_0/MobilenetV3/Conv/hard_swish/mul_1', 'tower_0/MobilenetV3/Conv/hard_swish'],
    ['MobilenetV1/MobilenetV1/Conv2d_13_pointwise/Relu6', 'MobilenetV1/MobilenetV1/Conv2d_13_pointwise'],
    ['FeatureExtractor/MobilenetV1/MobilenetV1/Conv2d_0/Conv2D', 'FeatureExtractor/MobilenetV1/MobilenetV1/Conv2d_0'],
    // The last step is a name that somebody gave, not an operator: all of it is the path.
    ['tower/conv1', undefined],
    ['inception_3a/relu_1x1', undefined],
    ['conv1', undefined],
    ['Conv2D', undefined],
    ['Transpose__12', undefined],
    // PyTorch's.
    ['/layer1/layer1.0/Relu_1', undefined],
    ['/features/Concat', undefined],
  ])('%s is of %s', (name, expected) => {
    expect(tensorFlowModule(name)).toBe(expected);
  });

  it('which a suppression may name', async () => {
    const opened = await openField('onnx/timm_basicblock_dynamo.onnx');
    const labels = lintGraph(opened, { ignoreLayers: [{ layers: 'bn*' }] }).map(({ label }) => label);
    expect(labels).not.toContain('bn1');
  });
});
