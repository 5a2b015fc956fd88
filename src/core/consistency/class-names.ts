/** What the classes of a model are called, and where that is written. */
export interface ClassNames {
  readonly names: readonly string[];
  /** A file beside the model; null for the model's own metadata. */
  readonly file: string | null;
}

/** Longer names are cut: they are shown beside numbers. */
const longestName = 80;
/** Objects that hold names inside of objects. */
const deepest = 3;
/** Where JSON and metadata keep names, in the order in which they are looked for. */
const keys = ['names', 'labels', 'classes', 'class_names', 'classNames', 'categories', 'id2label', 'label2id', 'userMetadata'] as const;

/**
 * Files that hold the names of a model's classes, by the habits of torchvision, Keras, Darknet, Caffe, Hugging Face and Teachable Machine:
 * those called after the model first.
 *
 * @param modelFile its name, without folders
 */
export function classNameFiles(modelFile: string): readonly string[] {
  const stem = modelFile.replace(/\.[^.]*$/, '');
  const own = ['.labels.txt', '_labels.txt', '-labels.txt', '.classes.txt', '_classes.txt', '.names', '.txt', '_labels.json'];
  return [...own.map((ending) => stem + ending), ...commonFiles];
}

const commonFiles: readonly string[] = [
  'labels.txt',
  'labels.json',
  'classes.txt',
  'classes.json',
  'class_names.txt',
  'class_names.json',
  'class_indices.json',
  'categories.txt',
  'id2label.json',
  'metadata.json',
  'config.json',
  'obj.names',
  'coco.names',
  'imagenet_classes.txt',
  'imagenet_class_index.json',
  'synset.txt',
  'synset_words.txt',
];

/** Names of `count` classes that a model's metadata state. */
export function classNamesInMetadata(metadata: ReadonlyMap<string, string>, count: number): readonly string[] | undefined {
  const texts = keys.flatMap((key) => metadata.get(key) ?? []);
  return texts.map((text) => parseClassNames(text, count)).find((names) => names !== undefined);
}

/**
 * Names of `count` classes in a text: JSON, the Python dictionary that exporters write into metadata, or a line a class, with its number or
 * its WordNet identifier in front where there is one. Undefined where the text holds anything but that many names.
 */
export function parseClassNames(text: string, count: number): readonly string[] | undefined {
  const trimmed = text.replace(/^\ufeff/, '').trim();
  const found = /^[[{]/.test(trimmed) ? (namesInJson(trimmed) ?? namesInDictionary(trimmed)) : namesInLines(trimmed);
  if (found?.length !== count) return undefined;
  return found.map((name) => (name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name));
}

function namesInJson(text: string): readonly string[] | undefined {
  try {
    return namesIn(JSON.parse(text), 0);
  } catch {
    // A file beside the model that is no JSON after all holds no names.
    return undefined;
  }
}

function namesIn(value: unknown, depth: number): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null || depth > deepest) return undefined;
  if (Array.isArray(value)) return allNames(value);
  const entries = Object.entries(value);
  const values = new Map<string, unknown>(entries);
  const inside = (): readonly string[] | undefined => keys.map((key) => namesIn(values.get(key), depth + 1)).find(Boolean);
  return namesByPlace(entries) ?? placesByName(entries) ?? inside();
}

/** A list of names, or of `[identifier, name]`. */
function allNames(values: readonly unknown[]): readonly string[] | undefined {
  const names = values.map((value): unknown => (Array.isArray(value) ? value.at(-1) : value));
  return names.length > 0 && names.every((name) => typeof name === 'string') ? names : undefined;
}

/** `{"0": "cat", "1": "dog"}` */
function namesByPlace(entries: readonly (readonly [string, unknown])[]): readonly string[] | undefined {
  const names = new Map(entries);
  return allNames(Array.from({ length: entries.length }, (_, place) => names.get(`${place}`)));
}

/** `{"cat": 0, "dog": 1}` */
function placesByName(entries: readonly (readonly [string, unknown])[]): readonly string[] | undefined {
  const names = new Map(entries.map(([name, place]) => [place, name]));
  return allNames(Array.from({ length: entries.length }, (_, place) => names.get(place)));
}

/** `{0: 'cat', 1: "dog's"}` */
function namesInDictionary(text: string): readonly string[] | undefined {
  const entries = [...text.matchAll(/(\d+)\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)];
  return namesByPlace(entries.map(([, place = '', single, double = '']) => [place, (single ?? double).replace(/\\(.)/g, '$1')]));
}

/** Empty lines and comments are none; a labels file of images, which has as many lines by chance, holds no names. */
function namesInLines(text: string): readonly string[] | undefined {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0 || lines.some((line) => /\.(?:png|jpe?g|webp|bmp|tiff?)"?[,\t ]/i.test(line))) return undefined;
  const areNumbered = lines.every((line, place) => line.match(/^(\d+)[\s:,]/)?.[1] === `${place}`);
  return lines.map((line) => line.replace(areNumbered ? /^\d+[\s:,]+/ : /^n\d{8}\s+/, '').replace(/^"(.*)"$/, '$1'));
}
