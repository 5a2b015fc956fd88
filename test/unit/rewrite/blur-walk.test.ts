import { expect, it } from 'vitest';
import { walkToBlur } from '../../../src/core/rewrite/blur-walk';
import { graphOf, operations, rewritable, type LayerSpec } from '../graph-builder';

const { convolution, relu, batchNormalization } = operations;
const block: readonly LayerSpec[] = [
  ['conv', convolution(3, 2)],
  ['norm', batchNormalization],
  ['act', relu],
];

function walk(layers: readonly LayerSpec[], outputs?: readonly string[]): ReturnType<typeof walkToBlur> {
  const model = rewritable(graphOf(layers, outputs && { outputs }));
  return walkToBlur(model, model.flow.layer('conv')!, 'act');
}

it('names what lies between, which grows', () => {
  expect(walk(block)).toEqual({ ok: true, tensor: 'act', between: ['conv', 'norm'] });
});

it.each<[string, readonly LayerSpec[], readonly string[] | undefined, string, readonly string[]]>([
  ['an output of the model on the way', block, ['norm', 'act'], '"norm", which would change its size, is an output of the model', ['norm']],
  ['a second reader', [...block, ['gate', relu, ['conv']]], ['act', 'gate'], '"conv", which would change its size, is read by', ['gate']],
  ['an activation on no path', [block[0]!, ['act', relu, ['image']]], ['act', 'conv'], '"conv", which would change its size', ['conv']],
  ['nothing behind the layer', [block[0]!, ['act', relu, ['image']]], ['act'], 'no path leads from it to "act"', ['conv', 'act']],
])('refuses %s and names who is at fault', (_, layers, outputs, reason, nodes) => {
  expect(walk(layers, outputs)).toEqual({ ok: false, reason: expect.stringContaining(`"conv" cannot be rewritten: ${reason}`), nodes });
});
