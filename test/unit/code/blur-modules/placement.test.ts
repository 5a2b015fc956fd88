import { describe, expect, it } from 'vitest';
import {
  moduleStyle,
  placeBeside,
  placeModule,
  type ImportingDocument,
  type PlacementFiles,
} from '../../../../src/code/blur-modules/placement';

const ours = '# Shiftlint BlurPool module for PyTorch.\n';
const oursScript = '// Shiftlint BlurPool module for TensorFlow.js.\n';
const foreign = 'class BlurPool: ...\n';

/** Files in memory by path. */
function memory(files: Readonly<Record<string, string>>): PlacementFiles {
  const paths = Object.keys(files);
  return {
    namesIn: (folder) =>
      Promise.resolve(
        new Set(paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1).split('/', 1)[0]!)),
      ),
    firstLine: (path) => Promise.resolve((files[path] ?? '').split('\n', 1)[0]!),
    find: (glob) => {
      const [before = '', after = ''] = glob.split('*');
      return Promise.resolve(
        paths.filter((path) => {
          const name = path.slice(path.lastIndexOf('/') + 1);
          return name.startsWith(before) && name.endsWith(after);
        }),
      );
    },
  };
}

const script = (extension: ImportingDocument['extension'], folder = '/w/src'): ImportingDocument => ({
  folder,
  hasFile: true,
  extension,
  specifierEnding: extension === '.ts' ? '' : extension,
});
const python = (folder: string | null, hasFile = true): ImportingDocument => ({ folder, hasFile, extension: '.py', specifierEnding: '' });

describe('placeBeside', () => {
  it('puts the recovery script into the folder of the BlurPool module, takes ours and leaves others alone', async () => {
    const module = '/w/net/blurpool_torch.py';
    const own = '# Shiftlint recovery module for PyTorch, version 1.\n';
    const place = (files: Readonly<Record<string, string>>) => placeBeside(module, 'recover_torch', memory(files));
    expect(await place({})).toEqual({ path: '/w/net/recover_torch.py', exists: false });
    expect(await place({ '/w/net/recover_torch.py': own })).toEqual({ path: '/w/net/recover_torch.py', exists: true });
    expect(await place({ '/w/net/recover_torch.py': foreign })).toEqual({ path: '/w/net/recover_torch_2.py', exists: false });
    expect(await placeBeside('/blurpool_torch.py', 'recover_torch', memory({}))).toEqual({ path: '/recover_torch.py', exists: false });
  });
});

describe('placeModule', () => {
  const cases: readonly (readonly [string, string, ImportingDocument, Readonly<Record<string, string>>, object])[] = [
    [
      'creates it beside a script',
      'blurpool_torch',
      python('/w'),
      { '/w/train.py': '' },
      { path: '/w/blurpool_torch.py', specifier: 'blurpool_torch', exists: false },
    ],
    [
      'imports relatively within a package',
      'blurpool_torch',
      python('/w/net'),
      { '/w/net/__init__.py': '' },
      { path: '/w/net/blurpool_torch.py', specifier: '.blurpool_torch', exists: false },
    ],
    [
      'uses the one beside',
      'blurpool_keras',
      python('/w'),
      { '/w/blurpool_keras.py': ours },
      { path: '/w/blurpool_keras.py', specifier: 'blurpool_keras', exists: true },
    ],
    [
      'uses the one of a package around',
      'blurpool_torch',
      python('/w/net/layers/deep'),
      { '/w/net/__init__.py': '', '/w/net/layers/__init__.py': '', '/w/net/layers/deep/__init__.py': '', '/w/net/blurpool_torch.py': ours },
      { path: '/w/net/blurpool_torch.py', specifier: '...blurpool_torch', exists: true },
    ],
    [
      'does not look above the packages',
      'blurpool_torch',
      python('/w/net'),
      { '/w/net/__init__.py': '', '/w/blurpool_torch.py': ours },
      { path: '/w/net/blurpool_torch.py', specifier: '.blurpool_torch', exists: false },
    ],
    [
      'does not import relatively from a notebook',
      'blurpool_flax',
      python('/w/net', false),
      { '/w/net/__init__.py': '' },
      { path: '/w/net/blurpool_flax.py', specifier: 'blurpool_flax', exists: false },
    ],
    [
      'leaves a file of another’s making alone',
      'blurpool_tensorflow',
      python('/w'),
      { '/w/blurpool_tensorflow.py': foreign },
      { path: '/w/blurpool_tensorflow_2.py', specifier: 'blurpool_tensorflow_2', exists: false },
    ],
    [
      'and uses the numbered one the next time',
      'blurpool_torch',
      python('/w'),
      { '/w/blurpool_torch.py': foreign, '/w/blurpool_torch_2.py': ours },
      { path: '/w/blurpool_torch_2.py', specifier: 'blurpool_torch_2', exists: true },
    ],
    [
      'passes by a package’s file of another’s making',
      'blurpool_torch',
      python('/w/net/sub'),
      { '/w/net/__init__.py': '', '/w/net/sub/__init__.py': '', '/w/net/blurpool_torch.py': foreign },
      { path: '/w/net/sub/blurpool_torch.py', specifier: '.blurpool_torch', exists: false },
    ],
    [
      'works at the root of a file system',
      'blurpool_torch',
      python('/'),
      {},
      { path: '/blurpool_torch.py', specifier: 'blurpool_torch', exists: false },
    ],
    ['creates a TypeScript module', 'blurpool', script('.ts'), {}, { path: '/w/src/blurpool.ts', specifier: './blurpool', exists: false }],
    ['creates an ES module', 'blurpool', script('.js'), {}, { path: '/w/src/blurpool.js', specifier: './blurpool.js', exists: false }],
    [
      'creates a CommonJS module',
      'blurpool',
      script('.cjs'),
      {},
      { path: '/w/src/blurpool.cjs', specifier: './blurpool.cjs', exists: false },
    ],
    [
      'uses a module of the same kind anywhere, the nearest one',
      'blurpool',
      script('.js', '/w/src/models/small'),
      { '/w/src/blurpool.js': oursScript, '/w/other/deep/blurpool.js': oursScript, '/w/src/models/small/blurpool.ts': oursScript },
      { path: '/w/src/blurpool.js', specifier: '../../blurpool.js', exists: true },
    ],
    [
      'uses one in a folder below',
      'blurpool',
      script('.ts', '/w/src'),
      { '/w/src/layers/blurpool.ts': oursScript },
      { path: '/w/src/layers/blurpool.ts', specifier: './layers/blurpool', exists: true },
    ],
    [
      'prefers the one beside',
      'blurpool',
      script('.js', '/w/a'),
      { '/w/a/blurpool.js': oursScript, '/w/b/blurpool.js': oursScript },
      { path: '/w/a/blurpool.js', specifier: './blurpool.js', exists: true },
    ],
    [
      'does not take a similar name for it',
      'blurpool',
      script('.js', '/w/a'),
      { '/w/b/blurpooling.js': oursScript, '/w/b/blurpool.js': foreign },
      { path: '/w/a/blurpool.js', specifier: './blurpool.js', exists: false },
    ],
  ];

  it.each(cases)('%s', async (_, template, document, files, expected) => {
    expect(await placeModule(template, document, memory(files))).toEqual({ ok: true, ...expected });
  });

  it('says why there is no place without a folder', async () => {
    const placement = await placeModule('blurpool_torch', python(null), memory({}));
    expect(placement).toMatchObject({
      ok: false,
      specifier: 'blurpool_torch',
      reason: expect.stringMatching(/save this document or open a folder/),
    });
  });
});

it.each([
  ['/w/net.ts', true, "import { a } from './a';", { extension: '.ts', specifierEnding: '' }],
  ['/w/net.ts', true, "import { a } from './a.js';", { extension: '.ts', specifierEnding: '.js' }],
  ['/w/net.tsx', true, "import { a } from '../a.ts';", { extension: '.ts', specifierEnding: '.ts' }],
  ['/w/net.mts', true, '', { extension: '.mts', specifierEnding: '.mjs' }],
  ['/w/net.js', false, '', { extension: '.js', specifierEnding: '.js' }],
  ['/w/net.mjs', false, '', { extension: '.mjs', specifierEnding: '.mjs' }],
  ['/w/net.cjs', false, '', { extension: '.cjs', specifierEnding: '.cjs' }],
])('%s imports modules in the style of its project', (path, isTypeScript, text, style) => {
  expect(moduleStyle(path, isTypeScript, text, false)).toEqual(style);
});

it('a script that uses require gets a CommonJS module', () => {
  expect(moduleStyle('/w/net.js', false, '', true)).toEqual({ extension: '.cjs', specifierEnding: '.cjs' });
});
