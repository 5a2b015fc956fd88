import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LintReport } from '../../../src/core/report/lint-report';
import { GraphBuilder, ints, windowed } from '../tfjs-graph/graph-builder';
import { inTemporaryFolder, root, shiftlint } from './command-line';

const textbook = path.join(root, 'test/fixtures/textbook');
const maxPool = path.join(textbook, 'max-pool.onnx');
const maxPoolTfjs = path.join(textbook, 'max-pool-tfjs/model.json');

describe('shiftlint lint', () => {
  it('prints findings as JSON for both formats and exits with 1', async () => {
    const { code, stdout } = await shiftlint('lint', maxPool, maxPoolTfjs, '--json');
    const { files } = JSON.parse(stdout) as LintReport;
    expect(code).toBe(1);
    expect(files).toMatchObject([
      { path: maxPool, format: 'onnx', errors: [] },
      { path: maxPoolTfjs, format: 'tfjs-layers', errors: [] },
    ]);
    for (const { findings } of files) {
      expect(findings).toMatchObject([
        { rule: 'strided-max-pool', severity: 'warning', stride: [1, 2], cumulativeStride: [1, 2], fixable: true },
      ]);
      expect(Object.keys(findings[0] ?? {}).sort()).toEqual(
        [
          ...['aliasedEnergy', 'cumulativeStride', 'fixable', 'label', 'layer', 'message', 'node', 'op', 'origin', 'price', 'rule'],
          ...['severity', 'stride', 'tensor'],
        ].sort(),
      );
    }
  });

  it('exits with 0 below the threshold', async () => {
    const { code, stdout } = await shiftlint('lint', maxPool, '--fail-on', 'error');
    expect(code).toBe(0);
    expect(stdout).toMatch(/strided-max-pool[\s\S]*1 finding in 1 file\./);
  });

  it('reports every damaged file with one message, goes on, and exits with 2', async () => {
    await inTemporaryFolder(async (folder) => {
      const inside = (name: string): string => path.join(folder, name);
      const whole = await readFile(maxPool);
      await writeFile(inside('truncated.onnx'), whole.subarray(0, whole.length - 5));
      await writeFile(inside('text.onnx'), 'This is only text.\n');
      await writeFile(inside('empty.onnx'), '');
      const sample = path.join(root, 'samples/shapes-tfjs/model.json');
      await copyFile(sample, inside('model.json'));
      const names = ['truncated.onnx', 'text.onnx', 'empty.onnx', 'model.json', 'absent.onnx'].map(inside);
      const { code, stdout, stderr } = await shiftlint('lint', ...names, maxPool, '--json');
      const { files } = JSON.parse(stdout) as LintReport;
      expect(code).toBe(2);
      expect(stderr).toBe('');
      expect(files.map(({ errors }) => errors.map((error) => error.code))).toEqual([
        ['truncated'],
        ['not-a-model'],
        ['empty-file'],
        [],
        ['unreadable'],
        [],
      ]);
      const judged = files.find(({ path: file }) => file.endsWith('model.json'));
      expect(judged).toMatchObject({ notes: [expect.stringContaining('which is not beside it')], findings: expect.arrayContaining([]) });
      for (const { path: file, errors } of files.slice(0, -1).filter((linted) => linted !== judged)) {
        const [error] = errors;
        expect(error?.message).toContain(path.basename(file));
        expect(error?.message).toMatch(/\.$/);
        expect(error?.message).not.toMatch(/\n|\bat .*:\d+:\d+/);
      }
    });
  });

  it('judges source files and whole folders, with places that editors open', async () => {
    await inTemporaryFolder(async (folder) => {
      const inside = (name: string): string => path.join(folder, name);
      await mkdir(inside('nets/node_modules/foreign'), { recursive: true });
      const model = [
        'import torch.nn as nn',
        '',
        'net = nn.Sequential(',
        '    nn.Conv2d(3, 8, 3, padding=1),',
        '    nn.MaxPool2d(2),',
        ')',
        '',
      ];
      await writeFile(inside('nets/model.py'), model.join('\n'));
      await writeFile(inside('nets/node_modules/foreign/model.py'), model.join('\n'));
      await writeFile(
        inside('nets/model.ts'),
        "import * as tf from '@tensorflow/tfjs';\nexport const pool = tf.layers.maxPooling2d({ poolSize: 2 });\n",
      );
      await writeFile(inside('nets/plain.py'), 'import os\n\nnn = os\nnn.MaxPool2d(2)\n');
      await writeFile(inside('nets/yolo.yaml'), 'backbone:\n  - [-1, 1, Conv, [64, 3, 2]]\nhead:\n  - [-1, 1, C3, [64]]\n');
      await writeFile(inside('nets/other.yaml'), 'jobs:\n  build: [1, 2]\n');
      await copyFile(maxPool, inside('nets/pool.onnx'));
      const detector = new GraphBuilder();
      detector.op('MaxPool', 'pool', [detector.input([1, 8, 8, 2])], { ...windowed([2, 2], 'SAME'), ksize: ints(1, 2, 2, 1) });
      const { text, files: shards } = detector.model();
      await writeFile(inside('nets/detector.json'), text);
      for (const [name, bytes] of shards) await writeFile(inside(`nets/${name}`), bytes);
      await writeFile(inside('nets/package.json'), '{ "name": "modelTopology" }');
      const { code, stdout } = await shiftlint('lint', inside('nets'));
      expect(code).toBe(1);
      expect(stdout).toContain(`${inside('nets/model.py')}:5:5: warning: nn.MaxPool2d (2x2, stride 2)`);
      expect(stdout).toContain(`${inside('nets/model.ts')}:2:21: warning: tf.layers.maxPooling2d (2x2, stride 2)`);
      expect(stdout).toMatch(/pool\.onnx: warning/);
      expect(stdout).toMatch(/detector\.json: warning/);
      expect(stdout).toContain(`${inside('nets/yolo.yaml')}:2:5: warning: Conv (3x3, stride 2)`);
      expect(stdout).toContain('5 findings in 6 files.');
      const { files } = JSON.parse((await shiftlint('lint', inside('nets/model.py'), '--json')).stdout) as LintReport;
      expect(files).toMatchObject([
        {
          path: inside('nets/model.py'),
          language: 'python',
          errors: [],
          findings: [{ rule: 'strided-max-pool', line: 5, column: 5, endLine: 5, endColumn: 20, stride: [2, 2], related: [] }],
        },
      ]);
    });
  });

  it.each([
    [['lint'], /Name at least one model file, source file or folder/],
    [['lint', 'x.onnx', '--fail-on', 'never'], /--fail-on takes/],
    [['lint', 'x.onnx', '--colour'], /--colour/],
    [['polish'], /no command "polish"/],
  ])('a wrong call %j exits with 2 and says how', async (words, message) => {
    const { code, stdout, stderr } = await shiftlint(...words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).toContain('Usage:');
  });
});
