import { t } from '@vscode/l10n';
import { ModelError } from './model-error';

/**
 * What a file may ask of Shiftlint. Networks that people build stay far below each of these; a file beyond one is refused with a sentence
 * that names the limit, before it costs the time or the memory that it asks for.
 */
export const limits = {
  /** Bytes of a model's JSON, which holds no weights. */
  jsonBytes: { most: 1 << 26, what: t('bytes of JSON') },
  /** Bytes of an ONNX file that is not in memory anyhow, without its large weights. */
  structureBytes: { most: 1 << 28, what: t('bytes without its weights') },
  /** Levels of objects and lists within each other in a model's JSON. */
  jsonNesting: { most: 500, what: t('levels of nesting in its JSON') },
  /** Values of any kind in a model's JSON. */
  jsonValues: { most: 8_000_000, what: t('values in its JSON') },
  /** Bytes of a file that people write by hand: a configuration, labels. */
  textBytes: { most: 1 << 22, what: t('bytes of text') },
  /** Layers of a model, those of functions and of repeated submodels counted as often as they are used. */
  nodes: { most: 100_000, what: t('layers, repeated ones counted each time') },
  /** Runs of layers that have run before: what shared layers and models within models come to. */
  repeatedLayers: { most: 8192, what: t('runs of layers that are used again') },
  /** Tensors that one layer reads or gives. */
  tensorsPerNode: { most: 65_536, what: t('inputs and outputs of one layer') },
  /** Graphs, functions and submodels within each other. */
  modelNesting: { most: 32, what: t('levels of models within models') },
  /** Characters of the name of a layer or a file. */
  nameLength: { most: 4096, what: t('characters of a name') },
  /** Axes of a tensor. */
  axes: { most: 64, what: t('axes of a tensor') },
  /** Weights of one BlurPool that a fix writes: taps times channels, on all axes. */
  blurWeights: { most: 1 << 20, what: t('weights of a BlurPool') },
} as const;

/** How much of a source file is judged; beyond, judging stops early and says so. */
export const codeLimits = {
  /** Characters of a file. */
  characters: 1 << 19,
  /** Statements of a module. */
  statements: 10_000,
  /** Expressions within each other. */
  nesting: 200,
  /** Expressions evaluated; one that makes something long counts for several. */
  expressions: 400_000,
  /** The same of the code of other files that a file imports. */
  importedExpressions: 1_200_000,
  /** Expressions under evaluation at the same time, those of the functions that called included. */
  depth: 1200,
  /** Items of a list or entries of a dict. */
  items: 1 << 14,
  /** Characters of a text that a program makes. */
  textLength: 1 << 16,
  /** Layers with a window. */
  layers: 10_000,
  /** Milliseconds that parsing a file and evaluating it may take. */
  parseMilliseconds: 900,
  milliseconds: 2_000,
  /** Layers that are fixed together; others are left for the next time. */
  fixes: 200,
} as const;

export type LimitName = keyof typeof limits;

/** A limit that a file passes, told where the file's name is not at hand. */
export class LimitError extends Error {
  override readonly name = 'LimitError';

  constructor(
    readonly limit: LimitName,
    readonly value: number,
  ) {
    super(`more ${limits[limit].what} than ${limits[limit].most}`);
  }

  /** The error that people see. */
  naming(path: string): ModelError {
    const { most, what } = limits[this.limit];
    return new ModelError('too-large', t`"${path}" is refused: it has ${this.value} ${what}, and at most ${most} are read.`);
  }
}

/** @throws LimitError, which whoever knows the file's name makes a `ModelError` of */
export function checkWithin(limit: LimitName, value: number): void {
  if (!(value <= limits[limit].most)) throw new LimitError(limit, value);
}

/** @throws ModelError `too-large` that names the file, the limit and the value */
export function requireWithin(limit: LimitName, value: number, path: string): void {
  if (!(value <= limits[limit].most)) throw new LimitError(limit, value).naming(path);
}
