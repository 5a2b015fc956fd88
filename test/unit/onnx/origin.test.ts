import { expect, test } from 'vitest';
import { encodeNode, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { concatenate } from '../../../src/core/formats/concatenate';
import { encodeField, encodeTextField } from '../../../src/core/formats/onnx/wire/write-fields';
import type { SourceOrigin } from '../../../src/core/graph/model-graph';
import { model, read } from './models';

interface Notes {
  readonly name?: string;
  readonly documentation?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

async function originOf({ name = 'node', documentation, metadata = {} }: Notes): Promise<SourceOrigin | undefined> {
  const node = concatenate([
    encodeNode({ name, opType: 'Relu', inputs: ['x'], outputs: ['y'] }),
    ...(documentation === undefined ? [] : [encodeTextField(6, documentation)]),
    ...Object.entries(metadata).map(([key, value]) => encodeField(9, concatenate([encodeTextField(1, key), encodeTextField(2, value)]))),
  ]);
  const graph = await read(model({ nodes: [node], inputs: [encodeValueInfo('x', 1, [1, 2])], outputs: [encodeValueInfo('y')] }));
  return graph.layers[0]?.origin;
}

const library = '/opt/env/lib/python3.11/site-packages/torch/nn/modules/conv.py';
const dynamo = [
  'File "/home/me/train.py", line 9, in main',
  '    model(image)',
  '  File "/home/me/model.py", line 20, in forward',
  '    return self.relu(self.conv1(x))',
  `  File "${library}", line 565, in forward`,
  '    return self._conv_forward(input, self.weight, self.bias)',
].join('\n');

test.each<[string, Notes, SourceOrigin | undefined]>([
  [
    'a trace of the Dynamo exporter: the innermost line of the model itself',
    {
      metadata: {
        'pkg.torch.onnx.stack_trace': dynamo,
        'pkg.torch.onnx.name_scopes': "['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d']",
      },
    },
    { file: '/home/me/model.py', line: 20, text: 'return self.relu(self.conv1(x))' },
  ],
  [
    'a trace of libraries alone: the innermost line',
    { metadata: { 'pkg.torch.onnx.stack_trace': `File "${library}", line 565, in forward\n    return x` } },
    { file: library, line: 565, text: 'return x' },
  ],
  [
    'an installed library of models counts as the model',
    { documentation: `${library}(565): forward\n/env/dist-packages/timm/models/resnet.py(30): forward\n/home/me/model.py(7): forward\n` },
    { file: '/env/dist-packages/timm/models/resnet.py', line: 30, text: '' },
  ],
  [
    'name scopes without a trace',
    { metadata: { 'pkg.torch.onnx.name_scopes': "['', 'layer1', 'layer1.0', 'layer1.0.conv1', 'conv2d']" } },
    { text: 'layer1.0.conv1' },
  ],
  [
    'a trace of the TorchScript exporter',
    {
      name: '/layer1/layer1.0/conv1/Conv',
      documentation: `${library}(560): _conv_forward\n${library}(565): forward\n/home/me/model.py(20): forward\n/home/me/export.py(3): <module>\n`,
    },
    { file: '/home/me/model.py', line: 20, text: 'layer1.0.conv1' },
  ],
  ['an older trace', { documentation: '# /home/me/model.py:123:0' }, { file: '/home/me/model.py', line: 123, text: '' }],
  [
    'a trace from Windows',
    { documentation: 'C:\\work dir\\model.py(20): forward' },
    { file: 'C:\\work dir\\model.py', line: 20, text: '' },
  ],
  ['a name that spells its module', { name: '/layer1/layer1.0/conv1/Conv' }, { text: 'layer1.0.conv1' }],
  ['a call at the top', { name: '/Conv' }, undefined],
  ['a name of TensorFlow', { name: 'model/conv1/Conv2D' }, { text: 'model/conv1' }],
  ['any other name', { name: 'conv1/first' }, undefined],
  ['documentation that is no trace', { documentation: 'A convolution.' }, undefined],
  ['a note far too long for a trace', { documentation: `/home/me/model.py(20): forward\n${' '.repeat(100_000)}` }, undefined],
])('%s', async (_, notes, origin) => {
  expect(await originOf(notes)).toEqual(origin);
});

test('a hostile note is read in no time', async () => {
  const start = performance.now();
  for (const unit of ['(1', ':1', '# ', ' ', 'File "', '1:1:', "'"])
    await originOf({
      documentation: unit.repeat(30_000 / unit.length),
      metadata: {
        'pkg.torch.onnx.stack_trace': unit.repeat(30_000 / unit.length),
        'pkg.torch.onnx.name_scopes': unit.repeat(30_000 / unit.length),
      },
    });
  expect(performance.now() - start).toBeLessThan(2000);
});
