import { readAll } from '../../../core/formats/byte-source';
import type { FileChange, OpenedModel } from '../../../core/formats/format';
import { changedSource } from '../../output/changed-source';
import type { ModelPayload } from '../../protocol/payload';

/** A changed model that was never written, whole in memory. */
export async function changedPayload(payload: ModelPayload, opened: OpenedModel, change: FileChange): Promise<ModelPayload> {
  const newFiles = Object.fromEntries(change.newFiles.map(({ relativePath, bytes }) => [relativePath, bytes]));
  return { ...payload, bytes: await readAll(changedSource(opened, change)), overlay: { ...payload.overlay, ...newFiles } };
}
