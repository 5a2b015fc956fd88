import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { imageSizeText } from '../../core/graph/image-size';
import type { AxisPair } from '../../core/graph/model-graph';
import { ModelError } from '../../core/model-error';
import type { ReadableModel } from '../../engine/host/model-reader';
import type { SentContent, SentModel } from '../../engine/protocol/payload';
import { displayPath } from '../platform/display-path';
import { claimsOnnx } from './claims-onnx';
import type { ModelContent } from './contents';

/** A model of the editor, and the image size that it is read for where it leaves its own open; undefined for all sizes. */
export interface SizedModel {
  readonly uri: vscode.Uri;
  readonly content: ModelContent;
  readonly imageSize: AxisPair | undefined;
}

/** A model of the editor as the reading process is asked about it. */
export function readableModel({ uri, content, imageSize }: SizedModel): ReadableModel {
  return {
    id: uri.toString(),
    version: imageSize === undefined ? content.readVersion : `${content.readVersion} ${imageSizeText(imageSize)}`,
    ...(imageSize !== undefined && { imageSize }),
    path: displayPath(uri),
    ...(claimsOnnx(uri) && { format: 'onnx' }),
    sent: async () => sentModel(uri, await content.sent()),
    ...(uri.scheme !== 'file' && { readBeside: (path: string) => readBeside(uri, path) }),
  };
}

/** A model as a process of ours is sent it: what is beside it is read from its folder. */
export function sentModel(uri: vscode.Uri, content: SentContent): SentModel {
  const file = uri.scheme === 'file' ? { file: uri.fsPath } : {};
  return { path: displayPath(uri), folder: vscode.Uri.joinPath(uri, '..').fsPath, overlay: {}, ...file, ...content };
}

/** A file beside a model on a file system that only exists in the editor; null where there is none. */
async function readBeside(model: vscode.Uri, relativePath: string): Promise<Uint8Array | null> {
  try {
    return await vscode.workspace.fs.readFile(insideFolder(model, relativePath));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return null;
    throw error;
  }
}

function insideFolder(model: vscode.Uri, relativePath: string): vscode.Uri {
  const segments = relativePath.split(/[\\/]/);
  const absolute = /^([a-z][a-z0-9+.-]*:|[\\/])/i.test(relativePath);
  if (absolute || segments.includes('..')) {
    throw new ModelError(
      'outside-folder',
      t`${displayPath(model)} asks for "${relativePath}", which lies outside the model's folder; Shiftlint reads only files beside the model.`,
    );
  }
  return vscode.Uri.joinPath(model, '..', ...segments);
}
