import picomatch from 'picomatch';
import { parseProjectConfig } from '../../../src/core/config/project-config';
import { parseLabels } from '../../../src/core/consistency/labels';
import { parsePreprocessing } from '../../../src/core/input/preprocessing';
import { lintGraph } from '../../../src/core/lint/linter';
import { decodeNpy } from '../../../src/core/report/npy';
import { storedReport } from '../../../src/core/report/stored-report';
import { visibleJson, visibleText } from '../../../src/core/report/visible-text';
import { requiredLibrary } from '../../../src/code/blur-modules/library';
import { blurFilter } from '../../../src/core/rewrite/filters';
import { openModel } from '../../../src/core/formats/registry';
import { choicesFrom } from '../../../src/extension/panel/inputs/choices';
import { messageFromPage } from '../../../src/panel-protocol/parse-from-page';
import { mutateBytes } from '../mutate/bytes';
import { mutateJson, oddValue } from '../mutate/json';
import { mutateSource } from '../mutate/source';
import { oddTexts, type Random } from '../random';
import type { Corpus, Surface } from './surface';
import { fuzzedSource } from './use-model';

const configuration = {
  $schema: 'x',
  rules: { 'strided-conv': 'hint', 'strided-max-pool': 'off' },
  ignoreLayers: [{ layers: 'stem*', rules: ['strided-conv'] }, { layers: '**/conv?' }],
  exclude: ['**/build/**', '*.onnx', '!(a|b)'],
  defaultFilter: 'tri-3',
  padding: 'zero',
  splitStride: true,
};

/** `shiftlint.json`, with its globs used on names. */
function config({ onnx }: Corpus): Surface {
  return {
    name: 'configuration',
    run: async (random) => {
      const text = JSON.stringify(mutateJson(random, configuration, configuration));
      const parsed = parseProjectConfig(random.chance(0.3) ? mutateSource(random, text, text) : text);
      for (const glob of parsed.config.exclude ?? [])
        picomatch.isMatch(random.pick([...oddTexts, 'build/model.onnx', 'a/b/c/d.py']), glob, { dot: true });
      if (!random.chance(0.1)) return;
      const smallest = onnx.reduce((best, one) => (one.length < best.length ? one : best));
      const model = await openModel(fuzzedSource('model.onnx', smallest, new Map(), true));
      lintGraph(model, { severities: parsed.config.rules, ignoreLayers: parsed.config.ignoreLayers, filter: blurFilter('tri-3') });
    },
  };
}

const requirements = [
  'name: net\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - pip:\n      - timm==1.0.3 # blur\n      - kornia>=0.7\n',
  'torch==2.1\nantialiased-cnns\n# timm\n',
  '[project]\ndependencies = ["timm>=0.9", "torch"]\n',
];

/** `environment.yml` and the other files in which projects name what they need. */
const yaml: Surface = {
  name: 'yaml and requirements',
  run: (random) => {
    requiredLibrary([mutateSource(random, random.pick(requirements), random.pick(requirements)), random.pick(oddTexts)]);
    return Promise.resolve();
  },
};

function npy(bytes: Uint8Array): Surface {
  return {
    name: '.npy, labels, shards, preprocessing',
    run: async (random) => {
      const text = new TextDecoder().decode(mutateBytes(random, new TextEncoder().encode('image,label\na.png,1\nb/c.png,2\n'), bytes));
      const report = {
        kind: 'shiftlint consistency',
        version: 1,
        settings: { model: 'm', pairs: 10, seed: 0, imageList: { count: 0, digest: '', labels: null } },
        notes: [],
        shard: { index: 0, count: 2 },
        run: null,
        images: [],
        failed: [],
        summary: {},
      };
      switch (random.below(4)) {
        case 0:
          decodeNpy(mutateBytes(random, bytes, bytes), 'tensor.npy');
          break;
        case 1:
          parseLabels(text, 'labels.csv');
          break;
        case 2:
          await storedReport(() => inPieces(damaged(random, JSON.stringify(mutateJson(random, report, configuration)))), 'part.json');
          break;
        default:
          parsePreprocessing(random.chance(0.5) ? text : `rgb:${random.pick(oddTexts)},1,2:${random.below(3)},1,1`);
          checkShown(random, text);
      }
    },
  };
}

/** Now and then a text that is no JSON any more. */
function damaged(random: Random, text: string): string {
  if (random.chance(0.5)) return text;
  const bytes = new TextEncoder().encode(text);
  return new TextDecoder().decode(mutateBytes(random, bytes, bytes));
}

/** As a file is read. */
async function* inPieces(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 50) yield await Promise.resolve(text.slice(at, at + 50));
}

/** What is printed holds nothing that a terminal acts on, and JSON keeps its value. */
function checkShown(random: Random, text: string): void {
  const all = text + random.pick(oddTexts);
  // eslint-disable-next-line no-control-regex -- they are what must be gone
  if (/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|##vso\[|^\s*::\w/.test(visibleText(all)))
    throw new Error('A control character is shown.');
  const json = JSON.stringify({ all });
  if ((JSON.parse(visibleJson(json)) as { all: string }).all !== (JSON.parse(json) as { all: string }).all)
    throw new Error('JSON changed its value.');
}

const messages = [
  { kind: 'ready' },
  { kind: 'fix', fix: { layers: ['conv1'], blur: { filter: 'tri-3', border: 'zero' } } },
  { kind: 'undo-fix' },
  { kind: 'fix-and-recover', fix: { layers: null, blur: null }, folder: 'asked' },
  { kind: 'start', study: 'equivariance' },
  { kind: 'cancel', study: 'advice' },
  { kind: 'export', study: 'compare' },
  { kind: 'show-features', wanted: { layer: 'conv1', shift: [1, 0], first: 0 } },
  { kind: 'cancel-features' },
  { kind: 'choose', choices: { metric: 'flat', size: [224, 224], filters: ['tri-3'], pairs: 3 } },
  { kind: 'choose-image' },
  { kind: 'use-pattern' },
  { kind: 'choose-folder' },
  { kind: 'open-docs', rule: 'strided-conv' },
  { kind: 'reveal-layer', layer: 'conv1' },
];

/** What a page that somebody else controls could post. */
const panel: Surface = {
  name: 'panel messages',
  run: (random) => {
    const message = random.chance(0.1) ? oddValue(random) : mutateJson(random, random.pick(messages), random.pick(messages));
    const parsed = messageFromPage(message);
    if (parsed?.kind === 'choose') {
      const { size, pairs, within } = choicesFrom(parsed.choices);
      if (!(pairs >= 1 && pairs <= 10_000 && within >= 0) || (size !== null && !size.every((side) => side > 0 && side <= 8192)))
        throw new Error(`A page chose ${JSON.stringify(parsed.choices)}.`);
    }
    return Promise.resolve();
  },
};

/** Whatever else is read: configuration, requirements, tensors, labels, and what the page of the editor sends. */
export function textSurfaces(corpus: Corpus, tensor: Uint8Array): readonly Surface[] {
  return [config(corpus), yaml, npy(tensor), panel];
}
