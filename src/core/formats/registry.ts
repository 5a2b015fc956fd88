import { ModelError, type ModelFormat, type ModelSource } from './format';
import { onnxFormat } from './onnx/index';
import { tfjsLayersFormat } from './tfjs-layers/index';

/** All formats. A new format is its folder and a line here. */
export const modelFormats: readonly ModelFormat[] = [tfjsLayersFormat, onnxFormat];

/** The format a file's content shows, whatever its name; undefined where it is no model. */
export function detectFormat(bytes: Uint8Array): ModelFormat | undefined {
  return modelFormats.find((format) => format.detect(bytes));
}

/**
 * The format of a file that its user calls a model.
 * @throws ModelError `empty-file` or `not-a-model`
 */
export function requireFormat(source: ModelSource): ModelFormat {
  if (source.bytes.length === 0) throw new ModelError('empty-file', `"${source.path}" is empty (0 bytes).`);
  const format = detectFormat(source.bytes);
  if (format !== undefined) return format;
  const known = modelFormats.map(({ label }) => label).join(' or ');
  throw new ModelError('not-a-model', `"${source.path}" is no model that Shiftlint reads: its content is not ${known}.`);
}
