import { describe, expect, it } from 'vitest';
import type { TensorBatch } from '../../../src/core/equivariance/walk/circular-model';
import { ModelError } from '../../../src/core/model-error';
import type { ModelPayload, RunOutput } from '../../../src/engine/protocol/payload';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { readModel } from '../../../src/engine/input/read-model';
import type { MemoryModel } from '../tfjs-files';
import { flag, float, GraphBuilder, int, ints, windowed } from '../tfjs-graph/graph-builder';

function payloadOf({ text, files }: MemoryModel): ModelPayload {
  return { path: 'model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: Object.fromEntries(files) };
}

async function run(model: MemoryModel, feeds: Readonly<Record<string, TensorBatch>>): Promise<readonly RunOutput[]> {
  const payload = payloadOf(model);
  return (await createTfjsEngine()).run(await readModel(payload), new Map(Object.entries(feeds)));
}

const ramp: TensorBatch = { data: Float32Array.from({ length: 16 }, (_, index) => index), dims: [1, 4, 4, 1] };

describe('the tfjs engine runs graph-models', () => {
  it('and names their outputs as the graph does, in the signature’s order', async () => {
    const builder = new GraphBuilder();
    const pool = builder.op('MaxPool', 'pool', [builder.input([1, 4, 4, 1])], { ...windowed([2, 2], 'VALID'), ksize: ints(1, 2, 2, 1) });
    builder.op('Neg', 'less', [pool]);
    const outputs = await run(builder.model(['less', 'pool']), { image: ramp });
    expect(outputs.map(({ name, dims, data }) => [name, dims, [...data]])).toEqual([
      ['less', [1, 2, 2, 1], [-5, -7, -13, -15]],
      ['pool', [1, 2, 2, 1], [5, 7, 13, 15]],
    ]);
  });

  it('whose inputs are whole numbers', async () => {
    const builder = new GraphBuilder();
    const image = builder.input([1, 4, 4, 1]);
    (builder.nodes[0] as { attr: { dtype: unknown } }).attr.dtype = { type: 'DT_INT32' };
    builder.op('Cast', 'y', [image], { SrcT: { type: 'DT_INT32' }, DstT: float, Truncate: flag(false) });
    const [output] = await run(builder.model(['y']), { image: ramp });
    expect([...output!.data]).toEqual([...ramp.data]);
  });

  it('whose branches are decided while they run', async () => {
    const builder = new GraphBuilder();
    const image = builder.input([1, 4, 4, 1]);
    const which = builder.op(
      'Any',
      'which',
      [builder.op('Greater', 'large', [image, builder.constant('ten', [], [10], 'float32')]), builder.constant('axes', [4], [0, 1, 2, 3])],
      { keep_dims: flag(false) },
    );
    builder.op('Switch', 'branch', [image, which], { T: float });
    builder.op('Merge', 'y', [builder.op('Neg', 'no', ['branch']), builder.op('Identity', 'yes', ['branch:1'])], { T: float, N: int(2) });
    const [output] = await run(builder.model(['y']), { image: ramp });
    expect([...output!.data]).toEqual([...ramp.data]);
  });

  it('and says in one sentence what TensorFlow.js does not have', async () => {
    const builder = new GraphBuilder();
    builder.op('MadeUpOp', 'y', [builder.input([1, 4, 4, 1])]);
    const error: unknown = await run(builder.model(['y']), { image: ramp }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/^TensorFlow\.js cannot run layer "y" \(MadeUpOp\) of "model\.json": [^\n]*MadeUpOp[^\n]*\.$/),
    });
  });
});
