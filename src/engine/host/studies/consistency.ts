import { t } from '@vscode/l10n';
import { largestShift } from '../../../core/consistency/shift-pairs';
import { preprocessingNote } from '../../../core/input/preprocessing';
import { consistencyReport, type ConsistencyReport, type ConsistencySettings } from '../../../core/report/consistency-report';
import type { Classification, ClassifySettings } from '../../protocol/classifying';

/** What the settings of a classification do not tell of its report. */
type Asked = Pick<ConsistencySettings, 'model' | 'digest' | 'pairs' | 'seed' | 'imageList'>;

/** The report of a classified folder. */
export function classificationReport(asked: Asked, { settings, rows, failed }: Classification): ConsistencyReport {
  return consistencyReport(reportSettings(asked, settings), notesOf(settings), null, rows, failed);
}

/** What a classification was done with, as its report tells it. */
export function reportSettings(asked: Asked, { backend, protocol, preprocessing, size }: ClassifySettings): ConsistencySettings {
  const { model, digest, pairs, seed, imageList } = asked;
  return {
    model,
    digest,
    backend,
    protocol,
    input: { height: size[0], width: size[1] },
    preprocessing,
    pairs,
    seed,
    largestShift: largestShift(size),
    imageList,
  };
}

/** What is to be said of it. */
export function notesOf({ notes, protocol, protocolReason, preprocessing, preprocessingReason }: ClassifySettings): readonly string[] {
  return [
    ...notes,
    ...(protocolReason === '' ? [] : [t`The ${protocol} protocol is used: ${protocolReason}`]),
    ...preprocessingNote({ name: preprocessing, reason: preprocessingReason }),
  ];
}
