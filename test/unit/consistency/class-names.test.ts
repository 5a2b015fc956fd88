import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classNames as sampleClasses } from '../../../samples/train/shapes';
import { classNamesInMetadata, parseClassNames } from '../../../src/core/consistency/class-names';
import { openModel } from '../../../src/core/formats/registry';
import { classNames } from '../../../src/engine/input/class-names';
import type { ModelPlace } from '../../../src/engine/protocol/payload';
import { sourceOf } from '../tfjs-files';

describe('names of classes', () => {
  it.each<[string, string, readonly string[]]>([
    ['a line a class', 'cat\r\n\r\n# pets\ndog\n', ['cat', 'dog']],
    ['WordNet identifiers in front', 'n01440764 tench, Tinca tinca\nn01443537 goldfish', ['tench, Tinca tinca', 'goldfish']],
    ['their numbers in front', '0: cat\n1: 2 dogs', ['cat', '2 dogs']],
    ['a number that is no place', '7 cats\n1 dog', ['7 cats', '1 dog']],
    ['a byte order mark', '\ufeffcat\ndog', ['cat', 'dog']],
    ['a list', '["cat", "dog"]', ['cat', 'dog']],
    ["Keras' places of names", '{"dog": 1, "cat": 0}', ['cat', 'dog']],
    ["Keras' ImageNet", '{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}', ['tench', 'goldfish']],
    ["Hugging Face's configuration", '{"architectures": ["x", "y"], "id2label": {"0": "cat", "1": "dog"}}', ['cat', 'dog']],
    ["Teachable Machine's metadata", '{"tfjsVersion": "1.3", "labels": ["cat", "dog"]}', ['cat', 'dog']],
    ['a Python dictionary', `{0: 'cat', 1: "dog's"}`, ['cat', "dog's"]],
  ])('from %s', (_, text, names) => {
    expect(parseClassNames(text, names.length)).toEqual(names);
  });

  it.each([
    ['one too many', 'cat\ndog\nbird'],
    ['labels of images', 'a.png,0\nb.png,1'],
    ['no names', '{"a": 1, "b": 2}'],
    ['numbers', '[1, 2]'],
    ['broken JSON', '["cat", '],
    ['nothing', ''],
  ])('not from %s', (_, text) => {
    expect(parseClassNames(text, 2)).toBeUndefined();
  });

  it('are those of the sample', () => {
    expect(parseClassNames(readFileSync(path.resolve('samples/labels.txt'), 'utf8'), 6)).toEqual(sampleClasses);
  });

  it('are cut where they are long, and read from the metadata by its key', () => {
    const long = 'x'.repeat(200);
    expect(classNamesInMetadata(new Map([['names', `{0: '${long}', 1: 'b'}`]]), 2)).toEqual([`${'x'.repeat(79)}…`, 'b']);
    expect(classNamesInMetadata(new Map([['author', '["a", "b"]']]), 2)).toBeUndefined();
  });
});

describe('names that a TensorFlow.js model states', () => {
  const input = { class_name: 'InputLayer', config: { name: 'in', batch_input_shape: [null, 8, 8, 1] } };
  const stated = { signature: { outputs: {} }, author: 'somebody', classes: ['cat', 'dog'] };

  it.each([
    ['a layers-model', { class_name: 'Sequential', config: { name: 'none', layers: [input] } }, 'layers-model'],
    ['a graph-model', { node: [{ name: 'x', op: 'Placeholder', attr: {} }] }, 'graph-model'],
  ])('are read from the userDefinedMetadata of %s', async (_, modelTopology, format) => {
    const text = JSON.stringify({ format, modelTopology, weightsManifest: [], userDefinedMetadata: stated });
    const { graph } = await openModel(sourceOf({ text, files: new Map() }));
    expect([...(graph.metadata ?? [])]).toEqual([
      ['author', 'somebody'],
      ['classes', '["cat","dog"]'],
    ]);
    const place = { path: 'model.json', folder: tmpdir(), overlay: {} };
    expect(await classNames(graph, place, 2)).toEqual({ names: ['cat', 'dog'], file: null });
    expect(await classNames(graph, place, 3)).toBeUndefined();
  });
});

describe('names beside a model', () => {
  let folder = '';
  let model: ModelPlace;
  beforeAll(() => {
    const outside = mkdtempSync(path.join(tmpdir(), 'shiftlint-names-'));
    folder = path.join(outside, 'model');
    mkdirSync(folder);
    writeFileSync(path.join(outside, 'four.txt'), 'a\nb\nc\nd');
    model = { path: 'pets.onnx', file: path.join(folder, 'pets.onnx'), folder, overlay: {} };
    writeFileSync(path.join(folder, 'labels.txt'), 'a\nb\nc');
    writeFileSync(path.join(folder, 'pets.labels.txt'), 'cat\ndog');
    symlinkSync('../four.txt', path.join(folder, 'classes.txt'));
  });
  afterAll(() => {
    rmSync(path.dirname(folder), { recursive: true });
  });

  it('are those of the first file with just as many: what cannot be read or leads elsewhere has none', async () => {
    expect(await classNames({}, model, 2)).toEqual({ names: ['cat', 'dog'], file: 'pets.labels.txt' });
    expect(await classNames({}, model, 3)).toEqual({ names: ['a', 'b', 'c'], file: 'labels.txt' });
    expect(await classNames({}, model, 4)).toBeUndefined();
  });

  it("give way to the model's own", async () => {
    const metadata = new Map([['names', "{0: 'hen', 1: 'cock'}"]]);
    expect(await classNames({ metadata }, model, 2)).toEqual({ names: ['hen', 'cock'], file: null });
  });
});
