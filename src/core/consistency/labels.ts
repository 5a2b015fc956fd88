import { t } from '@vscode/l10n';
import { ModelError } from '../model-error';

/**
 * True classes where subfolders name them: the number itself where all names are whole numbers, else the place of the name
 * among all in order, as torchvision's ImageFolder and Keras count.
 */
export class FolderLabels {
  private readonly folders = new Set<string>();
  private labels: ReadonlyMap<string, number> | undefined;

  /** Takes note of an image, by its path relative to the folder, with slashes. */
  add(image: string): void {
    const folder = topFolder(image);
    if (folder !== undefined) this.folders.add(folder);
  }

  /** Whether there is a subfolder. */
  get any(): boolean {
    return this.folders.size > 0;
  }

  /** The class of an image once all have been noted; null where it lies in no subfolder. */
  labelOf(image: string): number | null {
    this.labels ??= this.numbered();
    return this.labels.get(topFolder(image) ?? '') ?? null;
  }

  private numbered(): ReadonlyMap<string, number> {
    const folders = [...this.folders].sort((a, b) => (a < b ? -1 : 1));
    const areNumbers = folders.every((folder) => /^\d{1,6}$/.test(folder));
    return new Map(folders.map((folder, index) => [folder, areNumbers ? Number(folder) : index]));
  }
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
    const found = parseLabelLine(line);
    if (found !== undefined) labels.set(found.image, found.label);
    else if (index > 0)
      throw new ModelError('malformed', t`Line ${index + 1} of "${file}" is not a path and the index of a class: "${line.slice(0, 60)}".`);
  }
  return labels;
}

/** One such line: the path of an image and the index of its class; undefined where it tells no class. */
export function parseLabelLine(line: string): { readonly image: string; readonly label: number } | undefined {
  const found = labelIn(line);
  return found && { image: found.image.replaceAll('\\', '/').replace(/^\.\//, ''), label: found.label };
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
