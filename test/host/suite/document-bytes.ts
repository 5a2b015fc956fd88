import { readAll } from '../../../src/core/formats/byte-source';
import { sentBytes } from '../../../src/engine/input/sent-model';
import type { OnnxDocument } from '../../../src/extension/models/onnx-document';

/** What a document of the model editor would save. */
export async function documentBytes(document: OnnxDocument | undefined): Promise<Buffer> {
  if (document === undefined) throw new Error('The document is not open.');
  return Buffer.from(await readAll(sentBytes(await document.content().sent())));
}
