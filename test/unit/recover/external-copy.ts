import { decodeModel } from '../../../src/core/formats/onnx/wire/proto';
import { tensorField } from '../../../src/core/formats/onnx/wire/schema';
import { spliceGraph } from '../../../src/core/formats/onnx/patch/splice';
import { bytesOf, messageFields } from '../../../src/core/formats/onnx/wire/wire';
import { encodeEntry } from '../../../src/core/formats/onnx/wire/write';
import { concatenate } from '../../../src/core/formats/concatenate';
import { encodeField } from '../../../src/core/formats/onnx/wire/write-fields';
import { graphField } from '../../../src/core/formats/onnx/wire/schema';
import { inMemory, piecedSource, readAll } from '../../../src/core/formats/byte-source';
import type { ModelPayload } from '../../../src/engine/protocol/payload';

/** The same model with the values of all its initializers in a file beside it. */
export async function externalCopy(payload: ModelPayload): Promise<ModelPayload> {
  const model = decodeModel(payload.bytes, payload.path);
  const values: Uint8Array[] = [];
  let offset = 0;
  const splices = model.graph.initializers.map((tensor) => {
    const fields = [...messageFields(tensor.message, { start: 0, end: tensor.message.length })];
    const raw = fields.find(({ number }) => number === tensorField.rawData);
    const bytes = raw === undefined ? new Uint8Array() : bytesOf(tensor.message, raw);
    const entries = Object.entries({ location: 'shapes.data', offset: String(offset), length: String(bytes.length) });
    values.push(bytes);
    offset += bytes.length;
    const message = concatenate([
      ...fields.filter((field) => field !== raw).map((field) => tensor.message.subarray(field.start, field.end)),
      ...entries.map(([key, value]) => encodeField(tensorField.externalData, encodeEntry(key, value))),
      // data_location: EXTERNAL
      Uint8Array.of(tensorField.dataLocation << 3, 1),
    ]);
    return { ...tensor.field, fields: [encodeField(graphField.initializer, message)] };
  });
  const bytes = await readAll(piecedSource(inMemory(payload.bytes), spliceGraph(model, splices, [])));
  return { ...payload, bytes, overlay: { 'shapes.data': concatenate(values) } };
}
