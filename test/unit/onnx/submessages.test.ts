import { expect, it } from 'vitest';
import { inMemory, piecedSource, readAll } from '../../../src/core/formats/byte-source';
import { concatenate } from '../../../src/core/formats/concatenate';
import { renameWeightFiles } from '../../../src/core/formats/onnx/weights/rename-weight-files';
import { decodeModel, type OnnxModel } from '../../../src/core/formats/onnx/wire/proto';
import { skimModel } from '../../../src/core/formats/onnx/wire/skim';
import { encodeModel, encodeNode, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { encodeField, encodeTextField } from '../../../src/core/formats/onnx/wire/write-fields';
import { externalTensor, floatTensor } from './models';
import { bodyAttribute, step } from './nested-parts';

const large = (): Uint8Array => floatTensor('', [4096], 7);

/** A message that holds a tensor in the file and one beside it, in the given field. */
const holding = (field: number, file: string): readonly Uint8Array[] => [
  encodeField(field, externalTensor('', [4096], file)),
  encodeField(field, large()),
];

const sparse = (file: string): Uint8Array => concatenate([encodeField(1, large()), encodeField(2, externalTensor('', [4096], file))]);

/** An attribute in every way that onnx.proto has for tensors: one, several, a sparse one, several sparse ones, those of a body. */
const attributes: readonly Uint8Array[] = [
  concatenate([encodeTextField(1, 't'), encodeField(5, externalTensor('', [4096], 'one'))]),
  concatenate([encodeTextField(1, 'tensors'), ...holding(10, 'several')]),
  concatenate([encodeTextField(1, 'sparse'), encodeField(22, sparse('sparse'))]),
  concatenate([encodeTextField(1, 'sparses'), encodeField(23, sparse('sparses'))]),
  bodyAttribute('body', {
    nodes: [step('Identity', 'x', 'z')],
    outputs: [encodeValueInfo('z')],
    initializers: [externalTensor('w', [4096], 'body')],
  }),
];

/** A function with tensors in its node and in the default of an attribute. */
const definition = concatenate([
  encodeTextField(1, 'F'),
  encodeTextField(4, 'a'),
  encodeTextField(5, 'b'),
  encodeField(
    7,
    encodeNode({ opType: 'Own', domain: 'mine', inputs: ['a'], outputs: ['b'], verbatimAttributes: [...attributes.slice(1, 2)] }),
  ),
  encodeTextField(10, 'mine'),
  encodeField(
    11,
    concatenate([encodeTextField(1, 'default'), encodeField(5, externalTensor('', [4096], 'default')), encodeField(10, large())]),
  ),
]);

const sparseInitializer = encodeField(15, sparse('initializer'));

/** A file that has a tensor in every place that the format knows. */
function everywhere(): Uint8Array {
  const nodes = [encodeNode({ opType: 'Own', domain: 'mine', inputs: ['x'], outputs: ['y'], verbatimAttributes: attributes })];
  const whole = encodeModel({
    irVersion: 8,
    opsets: { '': 17, mine: 1 },
    nodes,
    initializers: [externalTensor('w', [4096], 'plain')],
    inputs: [encodeValueInfo('x', 1, [1, 3, 8, 8])],
    outputs: [encodeValueInfo('y')],
    functions: [definition],
  });
  // Two graphs in a file are merged by protobuf; ours has one, so the sparse initializer goes into it.
  const model = decodeModel(whole, 'model.onnx');
  const { start, end } = model.graph.field;
  return concatenate([
    whole.subarray(0, start),
    encodeField(7, concatenate([model.graph.message, sparseInitializer])),
    whole.subarray(end),
  ]);
}

const files = ['body', 'default', 'initializer', 'one', 'plain', 'several', 'sparse', 'sparses'];

async function skimmed(bytes: Uint8Array): Promise<OnnxModel> {
  const { bytes: rest, layout } = await skimModel(inMemory(bytes), { wholeUpTo: 0 });
  return decodeModel(rest, 'model.onnx', layout);
}

it('the files of tensors in every place of the format are known, read whole or skimmed', async () => {
  const bytes = everywhere();
  for (const model of [decodeModel(bytes, 'model.onnx'), await skimmed(bytes)]) expect([...model.weightFiles].sort()).toEqual(files);
});

it('a skim leaves the values of every one of them in the file', async () => {
  const bytes = everywhere();
  expect(bytes.length).toBeGreaterThan(6 * 4 * 4096);
  expect((await skimmed(bytes)).bytes.length).toBeLessThan(2048);
});

it('a copy asks for every one of them by its new name, and nothing else changes', async () => {
  const bytes = everywhere();
  const [there, back] = [new Map(files.map((file) => [file, `copy-of-${file}`])), new Map(files.map((file) => [`copy-of-${file}`, file]))];
  const renamed = await readAll(piecedSource(inMemory(bytes), renameWeightFiles(await skimmed(bytes), there)));
  expect([...decodeModel(renamed, 'model.onnx').weightFiles].sort()).toEqual([...there.values()].sort());
  const again = await readAll(piecedSource(inMemory(renamed), renameWeightFiles(decodeModel(renamed, 'model.onnx'), back)));
  expect(Buffer.compare(again, bytes)).toBe(0);
});
