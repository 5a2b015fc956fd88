import { t } from '@vscode/l10n';
import { readAll, type ByteSource } from './byte-source';
import { limits } from '../limits';
import type { ModelFormat, ModelSource, OpenedModel } from './format';
import { ModelError } from '../model-error';
import { readOnce } from './read-once';
import { onnxFormat } from './onnx/index';
import { tfjsGraphFormat } from './tfjs-graph/index';
import { tfjsLayersFormat } from './tfjs-layers/index';

/** All formats. A new format is its folder and a line here. */
export const modelFormats: readonly ModelFormat[] = [tfjsLayersFormat, tfjsGraphFormat, onnxFormat];

/** Enough of a binary file to know it. */
const headLength = 1 << 12;

/**
 * The format a file's content shows, whatever its name; undefined where it is no model. Only text files that are not too large are read
 * whole.
 */
export async function detectFormat(source: ByteSource, formats = modelFormats): Promise<ModelFormat | undefined> {
  const head = await source.read(0, headLength);
  const isWhole = startsAsJson(head) && source.size <= limits.jsonBytes.most;
  const bytes = isWhole ? await readAll(source) : head;
  return formats.find((format) => format.detect(bytes));
}

/** A brace after nothing but spaces and a byte order mark. */
function startsAsJson(head: Uint8Array): boolean {
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const first = head.subarray(start).find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  return first === 0x7b;
}

/** Opens the model that a file holds; undefined where it holds none of these formats. @throws ModelError */
export async function openIfModel(source: ModelSource, formats = modelFormats): Promise<OpenedModel | undefined> {
  const once = readOnce(source);
  try {
    return await (await detectFormat(once.source, formats))?.open(once.source);
  } finally {
    once.release();
  }
}

/**
 * Opens a file that its user calls a model.
 * @throws ModelError `empty-file`, `not-a-model`, or what is wrong with a file of a known format
 */
export async function openModel(source: ModelSource): Promise<OpenedModel> {
  if (source.size === 0) throw new ModelError('empty-file', t`"${source.path}" is empty (0 bytes).`);
  const opened = await openIfModel(source);
  if (opened !== undefined) return opened;
  const known = modelFormats.map(({ label }) => label).join(t(' or '));
  throw new ModelError('not-a-model', t`"${source.path}" is no model that Shiftlint reads: its content is not ${known}.`);
}
