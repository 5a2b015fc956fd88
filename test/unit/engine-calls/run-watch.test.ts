import { afterEach, expect, it } from 'vitest';
import type { RunTold } from '../../../src/engine/protocol/messages';
import { tellRuns } from '../../../src/engine/process/model/run-watch';
import { oracleArray, oracleModel } from '../engine-onnx/oracle';
import { answer } from '../engine-onnx/serving';

const input = { kind: 'tensor', ...oracleArray('vgg_like.input.npy') } as const;
const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28 } as const;

afterEach(() => {
  tellRuns(undefined);
});

async function toldBy(call: () => Promise<unknown>): Promise<readonly RunTold[]> {
  const told: RunTold[] = [];
  tellRuns((message) => told.push(message));
  await call();
  return told;
}

it('tells of every run of a model as it begins and when it has ended', async () => {
  const told = await toldBy(() => answer('measure', { model: oracleModel('vgg_like.onnx'), input, options }));
  expect(told.length).toBeGreaterThan(4);
  told.forEach((message, index) => {
    expect(message.kind).toBe(index % 2 === 0 ? 'run-began' : 'run-ended');
    if (index % 2 === 1) expect(message.run).toBe(told[index - 1]?.run);
  });
});

it('tells that a run has ended where the runtime refuses it', async () => {
  const model = { ...oracleModel('vgg_like.onnx'), path: 'vgg.onnx' };
  const wrong = { kind: 'tensor', shape: [1, 4, 32, 32], data: new Float32Array(4 * 32 * 32) } as const;
  const told = await toldBy(() => answer('run', { model, input: wrong }).catch(() => undefined));
  expect(told.map(({ kind }) => kind)).toEqual(['run-began', 'run-ended']);
});

it('gives a run at least two minutes, and more where it has more to do', async () => {
  const limits = (told: readonly RunTold[]) => told.flatMap((each) => (each.kind === 'run-began' ? [each.limitMs] : []));
  const small = limits(await toldBy(() => answer('run', { model: oracleModel('vgg_like.onnx'), input })));
  const large = limits(await toldBy(() => answer('measure', { model: oracleModel('vgg_like.onnx'), input, options })));
  expect(Math.min(...small, ...large)).toBeGreaterThan(120_000);
  expect(Math.max(...large)).toBeGreaterThan(Math.max(...small));
});
