import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { encodeNode, encodeTensor, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { externalTensor, model, noise } from '../onnx/models';
import { inTemporaryFolder, shiftlint } from './command-line';

/** Farther than 32-bit offsets reach. */
const offset = 5 * 2 ** 30;
const dims = [8, 4, 3, 3];
const values = new Uint8Array(noise(8 * 4 * 9, 3).buffer);

const build = (weight: Uint8Array): Uint8Array =>
  model({
    nodes: [
      encodeNode({
        name: 'layer',
        opType: 'Conv',
        inputs: ['x', 'w'],
        outputs: ['y'],
        attributes: { strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } },
      }),
    ],
    initializers: [weight],
    inputs: [encodeValueInfo('x', 1, [1, 4, 16, 16])],
    outputs: [encodeValueInfo('y', 1)],
  });

interface Report {
  readonly files: readonly { readonly findings: readonly { readonly aliasedEnergy: number | null }[] }[];
}

it('reads kernels that lie beyond four gigabytes as it reads near ones', async () => {
  await inTemporaryFolder(async (folder) => {
    const near = path.join(folder, 'near.onnx');
    const far = path.join(folder, 'far.onnx');
    await writeFile(near, build(encodeTensor({ name: 'w', dims, dataType: 1, rawData: values })));
    await writeFile(far, build(externalTensor('w', dims, 'weights.bin', offset)));
    // A hole in front of the values takes no room on the disk.
    const weights = await open(path.join(folder, 'weights.bin'), 'w');
    await weights.write(values, 0, values.length, offset);
    await weights.close();
    const energies = await Promise.all(
      [near, far].map(
        async (file) => (JSON.parse((await shiftlint('lint', file, '--json')).stdout) as Report).files[0]?.findings[0]?.aliasedEnergy,
      ),
    );
    expect(energies[0]).toBeGreaterThan(0);
    expect(energies[1]).toBe(energies[0]);
  });
});
