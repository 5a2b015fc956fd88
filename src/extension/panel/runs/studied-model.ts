import type { ModelReader } from '../../../engine/host/model-reader';
import { lintOptions, type JudgedModel } from '../../models/analysis';
import { readableModel, sentModel } from '../../models/readable';
import { settingsFor } from '../../settings/settings';
import type { StudiedModel } from './material';

/** A judged model for the studies, which ask the reader for what they need of it. @throws ModelError where it is another one by now */
export async function studiedModel(reader: ModelReader, model: JudgedModel): Promise<StudiedModel> {
  const { uri, content, preprocessing } = model;
  const readable = readableModel(model);
  return {
    sent: sentModel(uri, await content.sent()),
    preprocessing,
    findings: (filter) => reader.ask('findings', readable, { lint: { ...lintOptions(settingsFor(uri)), filter } }),
    digest: () => reader.ask('digest', readable, {}),
  };
}
