import { stat } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { inMemory, piecedSource, readAll, type ByteSource } from '../../core/formats/byte-source';
import type { ModelSource } from '../../core/formats/format';
import { ModelError } from '../../core/model-error';
import type { FileContent, ModelPayload, SentContent, SentModel } from '../protocol/payload';
import { fileBytes, placedSource } from './source';

/** What a model's file holds, read where and when it is needed. */
export function sentBytes(sent: SentContent): ByteSource {
  if ('bytes' in sent) return inMemory(sent.bytes);
  if ('text' in sent) return inMemory(new TextEncoder().encode(sent.text.join('')));
  const { file, size, pieces } = sent.content;
  const bytes = fileBytes(file, size);
  return pieces === null ? bytes : piecedSource(bytes, pieces);
}

/** A model that was sent, as readers see it. */
export function sentSource(sent: SentModel): ModelSource {
  return placedSource(sent, sentBytes(sent));
}

/** A model with all of its bytes in memory. @throws ModelError where its file is not what it was when it was sent */
export async function wholePayload(sent: SentModel): Promise<ModelPayload> {
  const { path, folder, overlay, file } = sent;
  const place = { path, folder, overlay, ...(file !== undefined && { file }) };
  if ('bytes' in sent) return { ...place, bytes: sent.bytes };
  if ('content' in sent) await requireUnchanged(path, sent.content);
  return { ...place, bytes: await readAll(sentBytes(sent)) };
}

async function requireUnchanged(path: string, { file, size, modified }: FileContent): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new ModelError('unreadable', t`"${path}" is not there any more: it was moved or deleted. Open it again.`);
  if (found.size !== size || found.mtime.getTime() !== modified)
    throw new ModelError('unreadable', t`"${path}" was changed on disk meanwhile, so nothing was measured: try again.`);
}
