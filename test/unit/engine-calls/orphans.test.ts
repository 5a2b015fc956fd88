import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundleEngine, moduleFolder, removeModuleFolders } from '../engine-onnx/engine-bundle';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const hosts: ChildProcess[] = [];
const folders: string[] = [];
let engine = '';
let busy = '';
beforeAll(async () => {
  engine = await bundleEngine();
  busy = await bundled(`
    import { serve } from './src/engine/process/serve';
    serve({ judge: () => { for (;;); } }, () => ({ code: 'internal', message: '' }));`);
});
afterEach(() => {
  for (const host of hosts.splice(0)) host.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
afterAll(removeModuleFolders);

async function bundled(contents: string): Promise<string> {
  const outfile = path.join(moduleFolder(), 'bundle.cjs');
  await esbuild.build({ stdin: { contents, resolveDir: root, loader: 'ts' }, outfile, bundle: true, platform: 'node', format: 'cjs' });
  return outfile;
}

/** A host with a call under way; told are its process and the one that serves the call. @param call of the client, as source */
async function hostCalling(modulePath: string, call: string): Promise<{ readonly host: number; readonly served: number }> {
  const host = await bundled(`
    import { EngineClient } from './src/engine/host/client';
    const client = new EngineClient({ modulePath: ${JSON.stringify(modulePath)} });
    const told = () => console.log(JSON.stringify({ host: process.pid, served: client.processId }));
    ${call}`);
  const child = spawn(process.execPath, [host], { stdio: ['ignore', 'pipe', 'inherit'], cwd: root });
  hosts.push(child);
  return new Promise((resolve) => {
    child.stdout.setEncoding('utf8').once('data', (line: string) => {
      resolve(JSON.parse(line) as { host: number; served: number });
    });
  });
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

async function ended(id: number): Promise<void> {
  while (isRunning(id)) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('a host that is killed, as by the reload of a window', () => {
  it('leaves no process that measures, and the folder of the model as it was', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'shiftlint-orphans-'));
    folders.push(folder);
    const original = path.join(root, 'test/fixtures/oracle/vgg_like.onnx');
    const file = path.join(folder, 'model.onnx');
    cpSync(original, file);
    const { host, served } = await hostCalling(
      engine,
      `import { statSync } from 'node:fs';
      const file = ${JSON.stringify(file)};
      const { size, mtimeMs } = statSync(file);
      const content = { file, size, modified: Math.floor(mtimeMs), pieces: null };
      const model = { path: 'model.onnx', folder: ${JSON.stringify(folder)}, overlay: {}, content: { ...content, modified: statSync(file).mtime.getTime() } };
      const options = { metric: 'flat', memoryBudgetBytes: 2 ** 28 };
      const heard = { onProgress: ({ kind }) => { if (kind === 'started') told(); } };
      void client.call('measure', { model, input: { kind: 'pattern' }, options }, heard);`,
    );
    expect(isRunning(served)).toBe(true);
    process.kill(host, 'SIGKILL');
    await ended(served);
    expect(readdirSync(folder)).toEqual(['model.onnx']);
    expect(readFileSync(file).equals(readFileSync(original))).toBe(true);
  });

  it('leaves none whose thread never comes to hear of it', async () => {
    const { host, served } = await hostCalling(
      busy,
      `void client.call('judge', {}).catch(() => undefined);
      setTimeout(told, 500);`,
    );
    expect(isRunning(served)).toBe(true);
    process.kill(host, 'SIGKILL');
    await ended(served);
  });
});
