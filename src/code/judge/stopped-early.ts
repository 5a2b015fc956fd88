import type { CodeNotice } from '../finding';
import type { Stop } from '../program/stop';

/** Says that a part of a source was not judged. */
export function stoppedEarly({ offset, reason }: Stop): CodeNotice {
  return {
    code: 'stopped-early',
    severity: 'warning',
    offset,
    message: `Judging stopped early here: ${reason}. Layers behind this place may be missing among the findings; divide the file, or build the model in simpler steps.`,
  };
}
