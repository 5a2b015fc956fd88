import { t } from '@vscode/l10n';
import { getTextEncoding } from '@bufbuild/protobuf/wire';
import { requireWithin } from '../../limits';
import { ModelError } from '../../model-error';
import { readAll } from '../byte-source';
import type { ModelSource } from '../format';
import { isJsonObject, type JsonObject } from './json';
import { requireParsable } from './json-limits';

/** The text of a model.json. @throws ModelError `malformed` or `too-large` */
export async function readModelText(source: ModelSource): Promise<ModelText> {
  requireWithin('jsonBytes', source.size, source.path);
  return decodeText(await readAll(source), source.path);
}

/** A model's JSON as text. */
export interface ModelText {
  readonly text: string;
  /** True where the file begins with a byte order mark, which is no part of the text, as in editors. */
  readonly hasByteOrderMark: boolean;
}

/** Decodes UTF-8 as the whole format does, so that offsets mean the same everywhere. @throws ModelError `malformed` */
function decodeText(bytes: Uint8Array, path: string): ModelText {
  try {
    const decoded = getTextEncoding().decodeUtf8(bytes);
    const hasByteOrderMark = decoded.startsWith('\ufeff');
    return { text: hasByteOrderMark ? decoded.slice(1) : decoded, hasByteOrderMark };
  } catch {
    throw new ModelError('malformed', t`"${path}" is not UTF-8 text.`);
  }
}

/**
 * Parses a model.json of either kind. @param label of the kind, for messages
 * @returns the whole document and its `modelTopology`
 * @throws ModelError `truncated`, `malformed` or `too-large`
 */
export function parseModelJson(text: string, path: string, label: string): { readonly root: JsonObject; readonly topology: JsonObject } {
  requireParsable(text, path);
  const root = parseJson(text, path);
  const fail = (what: string): never => {
    throw new ModelError('malformed', t`"${path}" is no valid ${label}: ${what}.`);
  };
  if (!isJsonObject(root) || !isJsonObject(root['modelTopology'])) return fail(t('it has no "modelTopology" object'));
  return { root, topology: root['modelTopology'] };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const cutOff = !/[}\]]\s*$/.test(text) || /end of JSON|Unterminated/i.test(cause);
    throw cutOff
      ? new ModelError('truncated', t`"${path}" ends in the middle of its JSON text: the file is incomplete.`)
      : new ModelError('malformed', t`"${path}" is no valid JSON: ${cause.replace(/\s+/g, ' ')}.`);
  }
}
