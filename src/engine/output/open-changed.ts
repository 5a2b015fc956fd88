import { t } from '@vscode/l10n';
import type { FileChange, OpenedModel } from '../../core/formats/format';
import { openModel } from '../../core/formats/registry';
import { ModelError } from '../../core/model-error';
import { changedSource } from './changed-source';

/**
 * Opens what a change makes of a model before anything is written: a file that Shiftlint itself could not open again must not come to lie
 * where somebody relies on it. @throws ModelError `unsupported` with the reason
 */
export async function openChanged(model: OpenedModel, change: FileChange): Promise<OpenedModel> {
  try {
    return await openModel(changedSource(model, change));
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ModelError(
      'unsupported',
      t`The fixed copy of "${model.source.path}" would not be a model that can be read again, so nothing was written. ${error.message}`,
      { cause: error },
    );
  }
}
