import path from 'node:path';
import type { JoinedText } from '../../code/notebooks/joined-text';
import { isNotebook, joinCells, placeOfCells, readNotebook, type NotebookCell } from '../../code/notebooks/notebook';
import type { SourceLanguage } from '../../code/protocol';
import { sourceLanguage } from '../../code/source-language';
import { limits } from '../../core/limits';
import { ModelError } from '../../core/model-error';
import type { SourceCell } from '../../core/report/lint-report';
import { readRegularFileSync } from '../../engine/input/regular-file';
import { withSlashes } from './disk-project';

/** What is judged as one text: a source file, or the cells of one language in a notebook. */
export interface SourceUnit {
  readonly language: SourceLanguage;
  readonly text: string;
  /** Where it lies, for its imports. */
  readonly place: string;
  /** The cells of a notebook. */
  readonly notebook?: { readonly joined: JoinedText; readonly cells: readonly SourceCell[] };
}

/** A source file as it is on the disk. */
export interface SourceText {
  readonly bytes: Uint8Array;
  /** Without the mark of its encoding. */
  readonly text: string;
  readonly units: readonly SourceUnit[];
}

/** True of a file that is judged as source code, by its name. */
export function isSource(file: string): boolean {
  return isNotebook(file) || sourceLanguage(file) !== undefined;
}

/** Reads a source file or notebook. @param bytes what it holds, where that does not come from the disk @throws ModelError */
export function readSource(
  file: string,
  bytes = readRegularFileSync(file, isNotebook(file) ? limits.jsonBytes.most : undefined),
): SourceText {
  const text = new TextDecoder().decode(bytes);
  const place = withSlashes(path.resolve(file));
  const language = sourceLanguage(file);
  if (language !== undefined) return { bytes, text, units: [{ language, text, place }] };
  const notebook = readNotebook(text);
  if (!notebook.ok) throw new ModelError('malformed', `"${file}" cannot be read as a notebook: ${notebook.reason}.`);
  return { bytes, text, units: unitsOf(notebook.cells, place) };
}

function unitsOf(cells: readonly NotebookCell[], place: string): readonly SourceUnit[] {
  const texts = new Map(cells.map(({ index, text }) => [String(index), text]));
  const languages = new Set(cells.flatMap(({ language }) => language ?? []));
  return [...languages].map((language) => {
    const joined = joinCells(cells, language);
    const shares = joined.parts.map(({ document, skipped }, part) => ({
      number: Number(document) + 1,
      text: texts.get(document) ?? '',
      start: joined.starts[part] ?? 0,
      skipped,
    }));
    return { language, text: joined.text, place: placeOfCells(place, language), notebook: { joined, cells: shares } };
  });
}
