import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/core/model-error';
import type { ModelPayload } from '../../../src/engine/protocol/payload';
import { createTfjsEngine } from '../../../src/engine/runtimes/tfjs/index';
import { readModel } from '../../../src/engine/input/read-model';

function payloadOf(className: string): ModelPayload {
  const layers = [
    { name: 'image', class_name: 'InputLayer', config: { name: 'image', batch_input_shape: [null, 4, 4, 4, 1] }, inbound_nodes: [] },
    {
      name: 'odd',
      class_name: className,
      config: { name: 'odd', filters: 1, kernel_size: [2, 2, 2] },
      inbound_nodes: [[['image', 0, 0, {}]]],
    },
  ];
  const config = { name: 'model', layers, input_layers: [['image', 0, 0]], output_layers: [['odd', 0, 0]] };
  const text = JSON.stringify({ modelTopology: { class_name: 'Model', config }, weightsManifest: [] });
  return { path: 'odd/model.json', bytes: new TextEncoder().encode(text), folder: '.', overlay: {} };
}

describe('the tfjs engine refuses with one sentence', () => {
  it.each([
    [
      'a layer that stock TensorFlow.js does not have',
      'MyLayer',
      /cannot run layer "odd" \(MyLayer\) of "odd\/model\.json": Unknown layer: MyLayer\.$/,
    ],
  ])('%s', async (_, className, message) => {
    const engine = await createTfjsEngine();
    const payload = payloadOf(className);
    const error: unknown = await engine.run(await readModel(payload), new Map()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelError);
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringMatching(message) });
    expect((error as ModelError).message).not.toContain('\n');
  });
});
