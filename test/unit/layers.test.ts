import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Folders that a lint zone of eslint.config.mjs covers. */
const zones = ['src/core', 'src/code', 'src/engine', 'src/cli', 'src/extension', 'webview'];

describe('layers', () => {
  it('every source file lies in one', () => {
    const files = ['src', 'webview'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
        .map((file) => path.posix.join(folder, file.split(path.sep).join('/'))),
    );
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => !zones.some((zone) => file.startsWith(`${zone}/`)))).toEqual([]);
  });

  it.each([
    ['src/core/graph/window.ts', "import 'vscode';", /Only src\/extension talks to the editor/],
    ['src/core/graph/window.ts', "import 'node:fs';", /receive bytes through ModelSource/],
    ['src/core/graph/window.ts', "import 'onnxruntime-node';", /Only src\/engine runs models/],
    ['src/core/graph/window.ts', "import '../../engine/protocol';", /move the shared type into src\/core/],
    ['src/engine/engine.ts', "import '../extension/panel';", /nothing below it may know it/],
    ['src/engine/engine.ts', "import 'vscode';", /Only src\/extension talks to the editor/],
    ['src/cli/main.ts', "import '@tensorflow/tfjs';", /Only src\/engine runs models/],
    ['src/extension/extension.ts', "import 'onnxruntime-node';", /Only src\/engine runs models/],
    ['webview/main.ts', "import 'vscode';", /Only src\/extension talks to the editor/],
    ['webview/main.ts', "import '../src/engine/protocol';", /depends on the core/],
  ])('%s must not contain %s', async (file, text, remedy) => {
    const [result] = await new ESLint({ cwd: root }).lintText(text, { filePath: path.join(root, file) });
    const found = result?.messages.filter(({ ruleId }) => ruleId === 'no-restricted-imports').map(({ message }) => message);
    expect(found).toEqual([expect.stringMatching(remedy)]);
  });
});
