import { execFileSync } from 'node:child_process';
import { copyFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeModel, encodeNode, encodeValueInfo } from '../../../src/core/formats/onnx/wire/write';
import { openModel } from '../../../src/core/formats/registry';
import { lintGraph } from '../../../src/core/lint/linter';
import { limits, requireWithin } from '../../../src/core/limits';
import { asModelError, ModelError } from '../../../src/core/model-error';
import { blurFilter } from '../../../src/core/rewrite/filters';
import type { LintReport } from '../../../src/core/report/lint-report';
import { openRegularFile, readRegularFile } from '../../../src/engine/input/regular-file';
import { inTemporaryFolder, root, shiftlint } from '../cli/command-line';
import { memorySource } from '../onnx/models';

const trust = path.join(root, 'test/fixtures/trust');
const maxPool = path.join(root, 'test/fixtures/textbook/max-pool.onnx');

/** All cases in one run, as a user has them in one folder: every file has its own outcome. */
describe('hostile files in one run of lint', () => {
  it('each gets one error or is judged, the last one too, and the run ends with 2', async () => {
    await inTemporaryFolder(async (folder) => {
      await cp(trust, folder, { recursive: true });
      await copyFile(maxPool, path.join(folder, 'zz.onnx'));
      await mkdir(path.join(folder, 'pipes'));
      for (const name of ['pipe.onnx', 'pipe.py', 'pipe.json']) execFileSync('mkfifo', [path.join(folder, 'pipes', name)]);
      await symlink('/dev/zero', path.join(folder, 'pipes/zero.onnx'));
      await writeFile(path.join(folder, 'configured.onnx'), '');
      const { code, stdout, stderr } = await shiftlint('lint', folder, '--json');
      expect(stderr).toBe('');
      expect(code).toBe(2);
      const { files } = JSON.parse(stdout) as LintReport;
      const codes = Object.fromEntries(files.map((file) => [path.relative(folder, file.path), file.errors.map((error) => error.code)]));
      expect(codes).toMatchObject({
        'channels-2e31.onnx': [],
        'fuzz-30002563.onnx': [],
        'fuzz-30009128.onnx': [],
        'fuzz-30018583.onnx': ['malformed'],
        'fuzz-30056313.onnx': [],
        'fuzz-30012448/model.json': [],
        'layer-name-escapes.onnx': [],
        'location-5000-chars.onnx': ['too-large'],
        'location-nul.onnx': ['malformed'],
        'nan-weights.onnx': [],
        'sharedbomb4.json': ['too-large'],
        'tfjs-shard-nul/model.json': ['malformed'],
        'code/doubling.py': [],
        'zz.onnx': [],
      });
      expect(Object.keys(codes).filter((file) => file.startsWith('fuzz'))).toHaveLength(5);
      const broken = files.find(({ path: file }) => file.endsWith('fuzz-30018583.onnx'));
      expect(broken?.errors[0]?.message).toMatch(/is not a valid ONNX model: its structure breaks at byte 6688\./);
      expect(broken?.findings).toEqual([]);
      expect(Object.keys(codes).filter((file) => file.startsWith('pipes'))).toEqual([]);
      for (const { errors } of files)
        for (const { code: kind, message } of errors) {
          expect(kind).not.toBe('internal');
          expect(message).toMatch(/\.$/);
          expect(message.length).toBeLessThan(600);
        }
    });
  });

  it('a name with escapes and workflow commands is written out, in text and in JSON', async () => {
    const file = path.join(trust, 'layer-name-escapes.onnx');
    for (const words of [[], ['--json']]) {
      const { stdout } = await shiftlint('lint', file, ...words);
      // eslint-disable-next-line no-control-regex -- they are what must be gone
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]|^\s*::\w|##vso\[/m);
    }
  });

  it('a stack is shown with --debug alone', async () => {
    const file = path.join(trust, 'location-nul.onnx');
    expect((await shiftlint('lint', file)).stderr).toBe('');
    expect((await shiftlint('--debug', 'lint', file)).stderr).toMatch(/^ModelError: .*\n\s+at /);
  });
});

describe('what is no regular file', () => {
  it('is refused by name at once: pipes, links to them, devices, sockets, folders', async () => {
    await inTemporaryFolder(async (folder) => {
      const inside = (name: string): string => path.join(folder, name);
      execFileSync('mkfifo', [inside('pipe')]);
      await symlink(inside('pipe'), inside('link'));
      const server = createServer().listen(inside('socket'));
      await new Promise((resolve) => server.once('listening', resolve));
      for (const [file, kind] of [
        [inside('pipe'), 'a pipe'],
        [inside('link'), 'a pipe'],
        [inside('socket'), 'a socket'],
        ['/dev/zero', 'a device'],
        [folder, 'a folder'],
      ] as const) {
        const refused = { code: 'unreadable', message: `"${file}" could not be read: it is ${kind}, not a file.` };
        await expect(readRegularFile(file)).rejects.toMatchObject(refused);
        await expect(openRegularFile(file)).rejects.toMatchObject(refused);
      }
      server.close();
      const { code, stdout } = await shiftlint('lint', inside('pipe'), inside('link'), '/dev/zero', maxPool);
      expect(code).toBe(2);
      expect(stdout.match(/could not be read: it is a/g)).toHaveLength(3);
      expect(stdout).toContain('strided-max-pool');
    });
  });
});

describe('fix', () => {
  it.each(['channels-2e31.onnx', 'fuzz-30056313.onnx'])('refuses the blur that %s asks for', async (name) => {
    await inTemporaryFolder(async (folder) => {
      const output = path.join(folder, 'fixed.onnx');
      const { code, stdout } = await shiftlint('fix', path.join(trust, name), '-o', output);
      expect(code).toBe(1);
      expect(stdout).toMatch(/its blur would have \d+ weights, and at most 1048576 are written\./);
      expect(stdout).toContain('nothing was written');
    });
  });

  it('writes nothing of fuzz-30012448 that cannot be read again', async () => {
    await inTemporaryFolder(async (folder) => {
      const output = path.join(folder, 'fixed');
      const { code } = await shiftlint('fix', path.join(trust, 'fuzz-30012448'), '-o', output);
      if (code !== 2) expect((await shiftlint('lint', output, '--json')).code).toBeLessThan(2);
    });
  });
});

describe('large graphs', () => {
  const long = (count: number): Uint8Array =>
    encodeModel({
      irVersion: 8,
      producerName: 'test',
      opsets: { '': 17 },
      nodes: Array.from({ length: count }, (_, index) =>
        encodeNode({ name: `n${index}`, opType: 'Relu', inputs: [index === 0 ? 'x' : `t${index - 1}`], outputs: [`t${index}`] }),
      ),
      inputs: [encodeValueInfo('x', 1, [1, 3, 8, 8])],
      outputs: [encodeValueInfo(`t${count - 1}`)],
    });

  it('a chain of 50,000 nodes is judged', async () => {
    const model = await openModel(memorySource(long(50_000)));
    expect(lintGraph(model, { filter: blurFilter('tri-3') })).toEqual([]);
  });

  it('2,000 pools on one tensor are judged', async () => {
    const pools = encodeModel({
      irVersion: 8,
      producerName: 'test',
      opsets: { '': 17 },
      nodes: Array.from({ length: 2000 }, (_, index) =>
        encodeNode({
          name: `p${index}`,
          opType: 'MaxPool',
          inputs: ['x'],
          outputs: [`t${index}`],
          attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
        }),
      ),
      inputs: [encodeValueInfo('x', 1, [1, 3, 64, 64])],
      outputs: Array.from({ length: 2000 }, (_, index) => encodeValueInfo(`t${index}`)),
    });
    const model = await openModel(memorySource(pools));
    expect(lintGraph(model, { filter: blurFilter('tri-3') })).toHaveLength(2000);
  });
});

describe('limits and faults', () => {
  it('a limit names itself and the value', () => {
    expect(() => {
      requireWithin('nodes', limits.nodes.most + 1, 'model.onnx');
    }).toThrow(/"model.onnx" is refused: it has 100001 layers, .* at most 100000 are read\./);
    expect(() => {
      requireWithin('nodes', Number.NaN, 'model.onnx');
    }).toThrow(ModelError);
  });

  it('a fault of ours is one sentence that says what to do, with its cause kept', () => {
    const fault = new TypeError('x is undefined\n    at y');
    const told = asModelError(fault, 'model.onnx');
    expect(told).toMatchObject({ code: 'internal', cause: fault });
    expect(told.message).toMatch(
      /^"model.onnx" could not be handled because of a fault in Shiftlint itself \(TypeError: x is undefined\): please report it .*\.$/,
    );
    const own = new ModelError('malformed', 'No.');
    expect(asModelError(own, 'model.onnx')).toBe(own);
  });
});
