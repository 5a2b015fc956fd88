import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/rules/finding';
import type { RecoveryResult } from '../../../src/engine/protocol/recovering';
import type { RunMaterial } from '../../../src/extension/panel/runs/material';
import type { RunProgress } from '../../../src/extension/panel/runs/progress';
import { advice } from '../../../src/extension/panel/studies/advice';
import { compare } from '../../../src/extension/panel/studies/compare';

/** One report of a run: the share done in whole per cent, and the step. */
type Told = readonly [percent: number, step: string | undefined];

const findings = ['pool', 'conv'].map((label) => {
  const layer = `node_${label}`;
  return { layer, label, node: layer, tensor: layer, fix: { ok: true, inFixAll: true, plan: { layer } } };
}) as unknown as Finding[];

const recovered = { weights: new Map(), heldOut: [], report: { fidelity: null } } as unknown as RecoveryResult;

/** An engine whose every call is half done and then done; a measurement then fails, since only the way there is looked at. */
function engineAt(calls: string[]): RunMaterial['engine'] {
  type Follower = { readonly onProgress: (told: object) => void };
  const call = (kind: string, { variants }: { variants?: readonly { label: string }[] }, { onProgress }: Follower): Promise<unknown> => {
    calls.push(kind);
    const label = variants?.map((variant) => variant.label).join(', ');
    if (kind !== 'recover') onProgress({ kind: 'started', layers: [], backend: 'cpu' });
    for (const done of [0.5, 1]) onProgress({ kind: 'share', done, ...(label !== undefined && { label }) });
    return kind === 'recover' ? Promise.resolve(recovered) : Promise.reject(new Error('The test ends here.'));
  };
  return { call } as unknown as RunMaterial['engine'];
}

/** What a study tells until it has measured for the first time. */
async function toldBy(
  { run }: Pick<typeof compare, 'run'> | Pick<typeof advice, 'run'>,
  recover: boolean,
): Promise<{ told: readonly Told[]; calls: readonly string[] }> {
  const told: Told[] = [];
  const calls: string[] = [];
  const progress: RunProgress = {
    signal: new AbortController().signal,
    report: (done, _backend, step) => told.push([Math.round(100 * done), step]),
    show: () => undefined,
  };
  const material = {
    engine: engineAt(calls),
    model: { sent: { path: 'model.onnx' }, preprocessing: { name: 'unit' }, findings: () => Promise.resolve(findings) },
    settings: { filter: { name: 'tri-3' }, memoryBudgetBytes: 1 },
    choices: { metric: 'flat', pairs: 1, seed: 0, filters: ['rect-2', 'bin-5'], recover, within: 10, preprocessing: null, size: null },
    images: [{ name: 'a.png' }],
  } as unknown as RunMaterial;
  await expect(run(material, progress)).rejects.toThrow('The test ends here.');
  return { told, calls };
}

describe('progress of a comparison', () => {
  it('goes on while copies are recovered, and names them as people do', async () => {
    const { told, calls } = await toldBy(compare, true);
    expect(calls).toEqual(['recover', 'recover', 'measure-variants']);
    // A recovery counts as four of the five measured copies: 13 parts in all.
    const all = 'as it is, Rect-2, Bin-5, Rect-2 recovered, Bin-5 recovered';
    expect(told).toEqual([
      [0, 'recovering Rect-2'],
      [15, 'recovering Rect-2'],
      [31, 'recovering Rect-2'],
      [31, 'recovering Bin-5'],
      [46, 'recovering Bin-5'],
      [62, 'recovering Bin-5'],
      [62, undefined],
      [81, all],
      [100, all],
    ]);
  });

  it('is that of the measurement alone where nothing is recovered', async () => {
    const { told, calls } = await toldBy(compare, false);
    expect(calls).toEqual(['measure-variants']);
    expect(told).toEqual([
      [0, undefined],
      [50, 'as it is, Rect-2, Bin-5'],
      [100, 'as it is, Rect-2, Bin-5'],
    ]);
  });
});

describe('progress of advice', () => {
  it('keeps room for the best fixes together, which are recovered and measured last', async () => {
    const { told } = await toldBy(advice, true);
    // Of 16 parts: two recoveries of four and three measured copies; the third recovery and its measurement remain.
    expect(told.at(0)).toEqual([0, 'recovering pool']);
    expect(told.at(-1)?.[0]).toBe(Math.round((100 * 11) / 16));
    expect(told.map(([percent]) => percent)).toEqual(told.map(([percent]) => percent).sort((a, b) => a - b));
  });
});
