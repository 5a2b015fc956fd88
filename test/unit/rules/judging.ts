import { describe, expect, it } from 'vitest';
import { lintGraph } from '../../../src/core/lint/linter';
import type { Finding } from '../../../src/core/rules/finding';
import type { RuleId } from '../../../src/core/rules/registry';
import { graphOf, operations, type LayerSpec, rewritable } from '../graph-builder';

/** Layers that nearly every graph of these tests starts with. */
export const stem: LayerSpec = ['stem', operations.convolution(3, 1)];
export const act: LayerSpec = ['act', operations.relu];

/** Taps of Tri-3, before they are normalised. */
export const tri = [1, 2, 1];

/** A model, and what is found in it: layers with their rules, in order. */
export type RuleCase = readonly [
  title: string,
  layers: readonly LayerSpec[],
  expected: readonly (readonly [layer: string, rule: RuleId])[],
];

/** All findings of a model under default settings. */
export function findingsIn(layers: readonly LayerSpec[]): readonly Finding[] {
  return lintGraph(rewritable(graphOf(layers)));
}

/** One test a case; a table that never mentions its own rule would prove nothing, so it fails. */
export function describeRule(rule: RuleId, cases: readonly RuleCase[]): void {
  describe(rule, () => {
    it.each(cases)('%s', (_, layers, expected) => {
      expect(findingsIn(layers).map((finding) => [finding.layer, finding.rule])).toEqual(expected);
    });

    it('is found in one case and absent in another', () => {
      const flagged = cases.map(([, , expected]) => expected.some(([, id]) => id === rule));
      expect(new Set(flagged)).toEqual(new Set([true, false]));
    });
  });
}

/** The message, stride and cumulative stride of a layer behind a stem that is flagged at a stride of 2. */
export function expectFlagged(rule: RuleId, layer: LayerSpec, message: RegExp): void {
  expect(findingsIn([stem, layer])).toMatchObject([
    { rule, layer: layer[0], message: expect.stringMatching(message), stride: [2, 2], cumulativeStride: [2, 2] },
  ]);
}
