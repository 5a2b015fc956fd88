import { ModelError } from '../model-error';

/**
 * True classes where subfolders name them: the number itself where all names are whole numbers, else the place of the name
 * among all in order, as torchvision's ImageFolder and Keras count. Paths are relative, with slashes.
 *
 * @returns a label per image of a subfolder; empty where there are none
 */
export function labelsFromFolders(images: readonly string[]): ReadonlyMap<string, number> {
  const folders = [...new Set(images.flatMap((image) => topFolder(image) ?? []))].sort((a, b) => (a < b ? -1 : 1));
  const areNumbers = folders.every((folder) => /^\d{1,6}$/.test(folder));
  const labelOf = new Map(folders.map((folder, index) => [folder, areNumbers ? Number(folder) : index]));
  return new Map(
    images.flatMap((image) => {
      const label = labelOf.get(topFolder(image) ?? '');
      return label === undefined ? [] : [[image, label] as const];
    }),
  );
}

function topFolder(image: string): string | undefined {
  const slash = image.indexOf('/');
  return slash < 0 ? undefined : image.slice(0, slash);
}

/**
 * Reads a labels file: a line per image, its path relative to the folder, then a comma, tab or space, then the index of its
 * class. Empty lines, lines that start with `#` and a heading are passed over.
 *
 * @throws ModelError `malformed`, naming the file and the line
 */
export function parseLabels(text: string, file: string): ReadonlyMap<string, number> {
  const labels = new Map<string, number>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const found = labelIn(line);
    if (found !== undefined) labels.set(found.image.replaceAll('\\', '/').replace(/^\.\//, ''), found.label);
    else if (index > 0)
      throw new ModelError('malformed', `Line ${index + 1} of "${file}" is not a path and the index of a class: "${line.slice(0, 60)}".`);
  }
  return labels;
}

/**
 * Takes a line apart from its end, since one pattern for all of it tries every place where the path may end against every
 * space behind it.
 */
function labelIn(line: string): { readonly image: string; readonly label: number } | undefined {
  const digits = /(\d{1,6})"?$/.exec(line.trimEnd());
  if (digits?.[1] === undefined) return undefined;
  const front = line.slice(0, digits.index).replace(/"$/, '');
  const trimmed = front.trimEnd();
  const hasComma = trimmed.endsWith(',');
  if (!hasComma && !/[\t ]/.test(front.slice(trimmed.length))) return undefined;
  const image = (hasComma ? trimmed.slice(0, -1).trimEnd() : trimmed).replace(/(?<=.)"$/, '').replace(/^"(?=.)/, '');
  return image === '' ? undefined : { image, label: Number(digits[1]) };
}
