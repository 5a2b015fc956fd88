import { t } from '@vscode/l10n';
import { SourcePlaces } from '../../core/report/lint-report';
import type { CodeNotice } from '../finding';
import type { Stop } from '../program/stop';

/** Says at the top of a source, where it is seen first, that a part of it was not judged. */
export function stoppedEarly({ offset, reason }: Stop, source: string): CodeNotice {
  const { line } = new SourcePlaces(source).at(offset);
  return {
    code: 'stopped-early',
    severity: 'warning',
    offset: 0,
    message: t`Judging stopped early: ${reason}. Layers from line ${line} on may be missing among the findings; divide the file, or build the model in simpler steps.`,
  };
}

/** Says that the file itself was judged whole, but not all that its imports bring to it. */
export function importsInPart({ offset, reason }: Stop, source: string): CodeNotice {
  const { line } = new SourcePlaces(source).at(offset);
  return {
    code: 'imports-in-part',
    severity: 'information',
    offset: 0,
    message: t`Imports were followed in part only: ${reason}. The file itself was judged whole, but layers that other files build for calls from line ${line} on may be missing among the findings.`,
  };
}
