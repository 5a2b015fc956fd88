import { t } from '@vscode/l10n';
import type { CodeLanguage } from '../protocol';
import { grammars } from '../source-language';
import { JoinedText, type TextPart } from './joined-text';
import { pythonOfCell } from './magics';

/** A code cell of a notebook file. */
export interface NotebookCell {
  /** Its place among all cells, from 0. */
  readonly index: number;
  readonly language: CodeLanguage | undefined;
  readonly text: string;
}

/** The cells of a notebook, or why the file is none that can be read, as a clause. */
export type ReadNotebook = { readonly ok: true; readonly cells: readonly NotebookCell[] } | { readonly ok: false; readonly reason: string };

/** True of the name of a notebook's file. */
export function isNotebook(file: string): boolean {
  return /\.ipynb$/i.test(file);
}

/** Reads the code cells of a file of Jupyter's format 4. */
export function readNotebook(text: string): ReadNotebook {
  const notebook = parsed(text);
  if (!isRecord(notebook)) return { ok: false, reason: t('it is no valid JSON object') };
  const { cells, metadata, worksheets } = notebook;
  if (!Array.isArray(cells)) {
    const isOld = Array.isArray(worksheets);
    return { ok: false, reason: isOld ? t('its format is older than version 4: convert it by "jupyter nbconvert"') : t('it has no cells') };
  }
  const common = languageIn(metadata) ?? 'python';
  return {
    ok: true,
    cells: (cells as readonly unknown[]).flatMap((cell, index) => {
      const source = isRecord(cell) && cell['cell_type'] === 'code' ? sourceOf(cell['source']) : null;
      return source === null || !isRecord(cell)
        ? []
        : [{ index, language: languageNamed(languageIn(cell['metadata']) ?? common), text: source }];
    }),
  };
}

/** The cells of one language as one text: what one cell imports, another one uses. Documents are named by the cell's index. */
export function joinCells(cells: readonly NotebookCell[], language: CodeLanguage): JoinedText {
  return joinTexts(
    cells.filter((cell) => cell.language === language).map(({ index, text }) => ({ document: String(index), text })),
    language,
  );
}

/** The texts of cells of one language as one; what is no Python in a cell of that language is left out. */
export function joinTexts(texts: readonly Omit<TextPart, 'skipped'>[], language: string): JoinedText {
  return new JoinedText(
    texts.flatMap(({ document, text }): readonly TextPart[] => {
      const code = language === 'python' ? pythonOfCell(text) : { skipped: 0, text };
      return code === undefined ? [] : [{ document, ...code }];
    }),
  );
}

/** Where the cells of a language lie for their imports: in a module beside the notebook that no other file has the name of. */
export function placeOfCells(notebook: string, language: CodeLanguage): string {
  return notebook + moduleEndings[language];
}

const moduleEndings: Readonly<Record<CodeLanguage, string>> = { python: '.py', javascript: '.js', typescript: '.ts', tsx: '.tsx' };

/** What metadata of a cell or of a notebook calls its language. */
function languageIn(metadata: unknown): string | undefined {
  if (!isRecord(metadata)) return undefined;
  const { vscode, language_info: info, kernelspec } = metadata;
  return [
    isRecord(vscode) ? vscode['languageId'] : undefined,
    isRecord(info) ? info['name'] : undefined,
    isRecord(kernelspec) ? kernelspec['language'] : undefined,
  ].find((name) => typeof name === 'string');
}

/** The language of a name; undefined where it is none that is judged in notebooks. */
function languageNamed(name: string): CodeLanguage | undefined {
  const language = grammars.get(/^i?python\d?$/i.test(name) ? 'python' : name.toLowerCase());
  return language === 'yaml' ? undefined : language;
}

/** A cell's text, which the format keeps whole or as a list of lines. */
function sourceOf(source: unknown): string | null {
  if (typeof source === 'string') return source;
  return Array.isArray(source) && source.every((line): line is string => typeof line === 'string') ? source.join('') : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
