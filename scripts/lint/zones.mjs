/**
 * The architecture as a table: dependencies point downwards only. A room is a folder; what lies in it may import the room
 * itself and what the row names, and nothing else of the repository. `*` stands for one name, so that `frameworks/*` are
 * rooms that do not know each other. Rooms within rooms obey all rows that hold for them.
 *
 * Read by the lint rule (zone-rule.mjs), which shows the remedy, and by test/unit/layers.test.ts, which proves every row.
 */

/**
 * @typedef {object} Room
 * @property {string} room
 * @property {readonly string[]} mayImport folders and files
 * @property {string} remedy what to do instead of importing more
 *
 * @typedef {object} Packages
 * @property {RegExp} names
 * @property {readonly string[]} only folders and files that may import them
 * @property {string} remedy
 */

const error = 'src/core/model-error.ts';

/** What a file may ask for, by name. */
const limits = 'src/core/limits.ts';

/** Where the measure and the recovery of weights meet the formats. */
const contracts = ['src/core/equivariance/contracts.ts', 'src/core/recover/linear-layer.ts'];

/** What every format has: the contracts, byte sources, and no other format. */
const formatContract = ['src/core/formats/*.ts', ...contracts, 'src/core/graph', 'src/core/rewrite', error, limits];

/** The core but for what opens and judges models, which the editor leaves to processes of their own. */
const askedOfModels = [
  ...['config', 'consistency', 'equivariance', 'explain', 'graph', 'input', 'recover', 'report', 'rewrite', 'rules'].map(
    (room) => `src/core/${room}`,
  ),
  ...['format', 'byte-source', 'compose-pieces', 'json-claim', 'text-edits'].map((file) => `src/core/formats/${file}.ts`),
  ...['lint-options', 'select-plans'].map((file) => `src/core/lint/${file}.ts`),
  error,
];

/** @type {readonly Room[]} */
export const rooms = [
  { room: 'src/core', mayImport: [], remedy: 'The core depends on nothing above it: move the shared type into src/core.' },
  {
    room: 'src/core/graph',
    mayImport: [],
    remedy:
      'The graph is at the bottom and knows no format, rule or plan: move what it needs into src/core/graph, or what asks for more out of it.',
  },
  {
    room: 'src/core/rewrite',
    mayImport: ['src/core/graph', limits],
    remedy: 'A plan is independent of formats and rules: give the rewrite a capability or a filter as a parameter.',
  },
  {
    room: 'src/core/rules',
    mayImport: ['src/core/graph', 'src/core/rewrite'],
    remedy: 'A rule asks its RuleContext and says what it found; the linter judges, places and fixes: widen RuleContext instead.',
  },
  {
    room: 'src/core/lint',
    mayImport: ['src/core/graph', 'src/core/rewrite', 'src/core/rules', 'src/core/formats/format.ts'],
    remedy: 'The linter judges graphs, whatever they were read from: take what it needs as a parameter.',
  },
  {
    room: 'src/core/formats',
    mayImport: ['src/core/graph', 'src/core/rewrite', ...contracts, error, limits],
    remedy:
      'Formats meet the measure in src/core/equivariance/contracts.ts and the recovery in src/core/recover/linear-layer.ts: add to these.',
  },
  {
    room: 'src/core/formats/onnx',
    mayImport: formatContract,
    remedy:
      'Formats do not know each other: move what two of them share beside the contract in src/core/formats, or into src/core/rewrite.',
  },
  {
    room: 'src/core/formats/tfjs',
    mayImport: formatContract,
    remedy: 'What the TensorFlow.js formats share knows neither of them: hand it over as a parameter.',
  },
  {
    room: 'src/core/formats/tfjs-graph',
    mayImport: [...formatContract, 'src/core/formats/tfjs'],
    remedy: 'Formats do not know each other: move what both TensorFlow.js formats share into src/core/formats/tfjs.',
  },
  {
    room: 'src/core/formats/tfjs-layers',
    mayImport: [...formatContract, 'src/core/formats/tfjs'],
    remedy: 'Formats do not know each other: move what both TensorFlow.js formats share into src/core/formats/tfjs.',
  },
  {
    room: 'src/core/equivariance',
    mayImport: ['src/core/graph', error],
    remedy: 'The measure knows graphs and no format: what a format has to write for it belongs into src/core/equivariance/contracts.ts.',
  },
  {
    room: 'src/core/recover',
    mayImport: ['src/core/graph', 'src/core/equivariance', 'src/core/consistency', error],
    remedy:
      'The recovery knows graphs and no format: what a format has to read or write for it belongs into src/core/recover/linear-layer.ts.',
  },
  {
    room: 'src/core/input',
    mayImport: ['src/core/graph'],
    remedy: 'Pixels become numbers by the graph alone: take the rest as a parameter.',
  },
  {
    room: 'src/core/consistency',
    mayImport: ['src/core/graph', 'src/core/equivariance', error],
    remedy: 'Consistency is arithmetic on what the measure gives: take what the engine or a format knows as a parameter.',
  },
  {
    room: 'src/core/compare',
    mayImport: ['src/core/graph', 'src/core/equivariance'],
    remedy: 'A comparison is arithmetic on plans and measurements: take what the engine or a format knows as a parameter.',
  },
  {
    room: 'src/core/config',
    mayImport: ['src/core/graph', 'src/core/lint', 'src/core/rewrite', 'src/core/rules'],
    remedy: 'The project file is a plain record of choices: whoever obeys them reads it, not the other way round.',
  },
  {
    room: 'src/core/explain',
    mayImport: ['src/core/rewrite', 'src/core/rules'],
    remedy: 'The textbook signal is plain arithmetic that the page of Explain Aliasing runs too: hand over what a model or a source tells.',
  },
  {
    room: 'src/code',
    mayImport: ['src/core'],
    remedy: 'Source code is judged without engine and editor: move the shared type into src/core, or hand it over as a parameter.',
  },
  { room: 'src/code/program', mayImport: [limits], remedy: 'The program form is what all languages lower to and knows none of them.' },
  {
    room: 'src/code/languages/*',
    mayImport: ['src/code/languages/*.ts', 'src/code/program', limits],
    remedy:
      'A language lowers its trees and knows no other language and no framework: what two share stands beside them in src/code/languages.',
  },
  {
    room: 'src/code/frameworks/*',
    mayImport: ['src/code/frameworks/*.ts', 'src/code/program', 'src/code/fix', 'src/code/*.ts', 'src/core'],
    remedy: 'Frameworks do not know each other: what two share stands beside them in src/code/frameworks.',
  },
  {
    room: 'src/engine',
    mayImport: ['src/core'],
    remedy:
      'The engine serves the editor and the command line; nothing below it may know it, and it knows nothing above: share through src/core.',
  },
  {
    room: 'src/engine/protocol',
    mayImport: ['src/core'],
    remedy: 'Host and process speak the protocol; it knows neither: a message is plain data of the core.',
  },
  {
    room: 'src/engine/host',
    mayImport: ['src/engine/protocol', 'src/core'],
    remedy: 'The host knows the engine process by its protocol only: add a request to src/engine/protocol.',
  },
  {
    room: 'src/engine/process',
    mayImport: ['src/engine/protocol', 'src/engine/input', 'src/engine/output', 'src/engine/runtimes', 'src/core'],
    remedy: 'The process knows its host by the protocol only: put what both need into src/engine/protocol.',
  },
  {
    room: 'src/engine/input',
    mayImport: ['src/engine/protocol', 'src/core'],
    remedy: 'Reading inputs needs no runtime and no process: take it as a parameter.',
  },
  {
    room: 'src/engine/output',
    mayImport: ['src/engine/protocol', 'src/core'],
    remedy: 'Writing results needs no runtime and no process: take it as a parameter.',
  },
  {
    room: 'src/engine/runtimes',
    mayImport: ['src/engine/protocol', 'src/engine/input', 'src/core'],
    remedy: 'A runtime runs what it is given and does not know the process around it: take it as a parameter.',
  },
  {
    room: 'src/engine/runtimes/*',
    mayImport: ['src/engine/runtimes/*.ts', 'src/engine/runtimes/devices', 'src/engine/protocol', 'src/engine/input', 'src/core'],
    remedy: 'Runtimes do not know each other: what two share stands beside them in src/engine/runtimes.',
  },
  {
    room: 'src/cli',
    mayImport: [
      ...['src/core', 'src/code/*.ts', 'src/code/blur-modules', 'src/code/notebooks'],
      ...['host', 'protocol', 'input', 'output'].map((room) => `src/engine/${room}`),
    ],
    remedy: 'The command line asks the engine through src/engine/host, and code through its session: move the logic down.',
  },
  {
    room: 'src/panel-protocol',
    mayImport: ['src/core'],
    remedy: 'Editor and page speak the protocol; it knows neither: a message is plain data of the core.',
  },
  {
    room: 'src/extension',
    mayImport: [
      ...askedOfModels,
      'src/code/*.ts',
      'src/code/frameworks/*.ts',
      'src/code/blur-modules',
      'src/code/notebooks',
      'src/engine/host',
      'src/engine/protocol',
      ...['regular-file', 'sent-model'].map((file) => `src/engine/input/${file}.ts`),
      ...['atomic-write', 'file-system', 'leftovers', 'same-bytes', 'temporary-content', 'temporary-file', 'write-failure'].map(
        (file) => `src/engine/output/${file}.ts`,
      ),
      'src/panel-protocol',
    ],
    remedy:
      'The editor opens and judges no model itself, since it must never wait: ask the ModelReader. It asks the engine through src/engine/host, the page through src/panel-protocol: neither command line nor page is below it.',
  },
  {
    room: 'src/extension/platform',
    mayImport: ['src/core', 'src/engine/host', 'src/engine/protocol', 'src/engine/input', 'src/engine/output'],
    remedy:
      'The platform wraps the editor and the disk for the other rooms of the extension and knows none of them: take it as a parameter.',
  },
  {
    room: 'src/extension/settings',
    mayImport: ['src/core', 'src/code/*.ts', 'src/code/blur-modules', 'src/code/frameworks/*.ts', 'src/extension/platform'],
    remedy: 'Settings are read by the other rooms of the extension, not the other way round.',
  },
  {
    room: 'webview',
    mayImport: ['src/panel-protocol'],
    remedy: 'The page runs in a browser sandbox and shares types through src/panel-protocol: export there what it needs of the core.',
  },
  {
    room: 'webview/styles',
    mayImport: ['webview/app/templates.ts'],
    remedy: 'Styles are shared by all of the page and know none of it but its templates.',
  },
  {
    room: 'webview/tabs/*',
    mayImport: [
      'webview/app',
      'webview/charts',
      'webview/fields',
      'webview/graph',
      'webview/heatmap',
      'webview/lists',
      'webview/run',
      'webview/styles',
      'src/panel-protocol',
    ],
    remedy: 'Tabs do not know each other: what two share is a room of the page, such as webview/fields or webview/heatmap.',
  },
  { room: 'templates', mayImport: [], remedy: 'A template is put into a workspace alone: it may import nothing of ours.' },
];

/** @type {readonly Packages[]} */
export const packages = [
  {
    names: /^vscode$/,
    only: ['src/extension'],
    remedy: 'Only src/extension talks to the editor: take what you need as a plain value or a narrow interface.',
  },
  {
    names: /^(node:|fs$|path$|os$|child_process$|worker_threads$|crypto$)/,
    only: [
      'src/engine',
      'src/cli',
      'src/extension',
      'src/code/worker.ts',
      'src/code/worker-language.ts',
      'src/code/worker-client.ts',
      'src/code/workspace-files.ts',
    ],
    remedy: 'This code also runs where Node is absent: receive bytes through ModelSource or a parameter.',
  },
  {
    names: /^(onnxruntime-|@tensorflow\/)/,
    only: ['src/engine', 'templates'],
    remedy: 'Only src/engine runs models: describe the work in a MeasurePlan and let an engine execute it.',
  },
];
