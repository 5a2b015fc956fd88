import { mkdir, writeFile, cp } from 'node:fs/promises';
import path from 'node:path';
import { externalCopy } from '../../recover/external-copy';
import { modelOnDisk } from '../../real-models';
import { GraphBuilder, ints, windowed } from '../../tfjs-graph/graph-builder';

/** Every way in which a model is written. */
export const jobNames = [
  'fix of ONNX',
  'fix of ONNX with weights beside it',
  'fix of ONNX in place',
  'fix of a layers-model',
  'fix of a layers-model in place',
  'fix of a graph-model',
  'save of ONNX',
  'save of ONNX with weights beside it',
  'backup of ONNX',
  'backup of ONNX with weights beside it',
] as const;

export type JobName = (typeof jobNames)[number];

/** Puts the files that a job starts from into a folder. */
export async function makeTemplate(root: string, job: JobName, folder: string): Promise<void> {
  const isInPlace = job.includes('in place') || !job.startsWith('fix');
  const home = isInPlace ? folder : path.join(folder, 'model');
  await mkdir(home, { recursive: true });
  if (job.includes('layers-model')) await cp(path.join(root, 'samples/shapes-tfjs'), home, { recursive: true });
  else if (job.includes('graph-model')) await writeGraphModel(home);
  else {
    const { payload } = await modelOnDisk(path.join(root, 'samples/shapes.onnx'));
    const { bytes, overlay } = job.includes('weights beside it') ? await externalCopy(payload) : payload;
    await writeFile(path.join(home, 'model.onnx'), bytes);
    for (const [name, weights] of Object.entries(overlay)) await writeFile(path.join(home, name), weights);
  }
}

async function writeGraphModel(folder: string): Promise<void> {
  const builder = new GraphBuilder();
  builder.op('MaxPool', 'pool', [builder.input([1, 8, 8, 2])], { ...windowed([2, 2], 'SAME'), ksize: ints(1, 2, 2, 1) });
  builder.op('BiasAdd', 'y', ['pool', builder.weight('bias', [2])]);
  const { text, files } = builder.model(['y']);
  await writeFile(path.join(folder, 'model.json'), text);
  for (const [name, bytes] of files) await writeFile(path.join(folder, name), bytes);
}
