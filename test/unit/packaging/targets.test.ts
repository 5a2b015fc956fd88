import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownTarget, targets } from '../../../scripts/package/targets.mjs';

const modules = path.resolve(import.meta.dirname, '../../../node_modules');
const native = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'];
const everyFile = (target: string): string[] =>
  (targets.get(target) ?? []).flatMap(({ name, files }) => files.map((file) => `${name}/${file}`));
const binaries = (target: string): string[] => everyFile(target).filter((file) => file.includes('/bin/'));

it('there is a package for each platform, one for every other, and one for npm', () => {
  expect([...targets.keys()]).toEqual([...native, 'alpine-x64', 'universal', 'npm']);
});

describe.each([...targets.keys()])('%s', (target) => {
  it('takes files that are there', () => {
    expect(everyFile(target).filter((file) => !existsSync(path.join(modules, file)))).toEqual([]);
  });
});

describe.each(native)('the binaries of %s', (target) => {
  const folder = `onnxruntime-node/bin/napi-v6/${target.replace('-', '/')}`;

  it('are those of that platform', () => {
    expect(binaries(target).length).toBeGreaterThan(1);
    expect(binaries(target).filter((file) => path.posix.dirname(file) !== folder)).toEqual([]);
  });

  it('are all that the binding asks for by name', () => {
    const binding = readFileSync(path.join(modules, folder, 'onnxruntime_binding.node'));
    const asked = readdirSync(path.join(modules, folder)).filter((file) => binding.includes(`${file}\0`));
    expect(asked.length).toBeGreaterThan(0);
    expect(binaries(target)).toEqual(expect.arrayContaining(asked.map((file) => `${folder}/${file}`)));
  });
});

it.each(['alpine-x64', 'universal', 'npm'])('%s has the WebAssembly build and no binaries', (target) => {
  expect(binaries(target)).toEqual([]);
  expect(everyFile(target)).toContain('onnxruntime-web/dist/ort-wasm-simd-threaded.wasm');
});

describe('this machine is served by', () => {
  it.each([
    ['linux-x64', false, 'linux-x64'],
    ['linux-x64', true, 'alpine-x64'],
    ['linux-arm64', true, 'universal'],
    ['linux-arm', false, 'universal'],
    ['darwin-arm64', false, 'darwin-arm64'],
    ['darwin-x64', false, 'universal'],
    ['win32-x64', false, 'win32-x64'],
  ])('on %s (musl: %s) the package %s', (platform, musl, target) => {
    expect(ownTarget(platform, musl)).toBe(target);
  });
});
