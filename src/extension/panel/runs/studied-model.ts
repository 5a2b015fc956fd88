import type { ModelReader } from '../../../engine/host/model-reader';
import type { JudgedModel } from '../../models/analysis';
import { readableModel, sentModel } from '../../models/readable';
import type { StudiedModel } from './material';

/** A judged model for the studies, which ask the reader for what they need of it. @throws ModelError where it is another one by now */
export async function studiedModel(reader: ModelReader, model: JudgedModel): Promise<StudiedModel> {
  const { uri, content, preprocessing, lint } = model;
  const readable = readableModel(model);
  return {
    sent: sentModel(uri, await content.sent()),
    preprocessing,
    findings: (filter) => reader.ask('findings', readable, { lint: { ...lint, filter } }),
    digest: () => reader.ask('digest', readable, {}),
  };
}
