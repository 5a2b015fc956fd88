import { largestShift } from '../../../core/consistency/shift-pairs';
import { preprocessingNote } from '../../../core/input/preprocessing';
import { consistencyReport, type ConsistencyReport, type ConsistencySettings, type Shard } from '../../../core/report/consistency-report';
import type { Classification, ClassifySettings } from '../../protocol/classifying';

/** The report of a classified folder. @param asked what the settings do not tell of the request */
export function classificationReport(
  asked: Pick<ConsistencySettings, 'model' | 'digest' | 'pairs' | 'seed'>,
  shard: Shard | null,
  { settings, rows, failed }: Classification,
): ConsistencyReport {
  const { backend, protocol, preprocessing, size } = settings;
  const { model, digest, pairs, seed } = asked;
  const complete: ConsistencySettings = {
    model,
    digest,
    backend,
    protocol,
    input: { height: size[0], width: size[1] },
    preprocessing,
    pairs,
    seed,
    largestShift: largestShift(size),
  };
  return consistencyReport(complete, notesOf(settings), shard, rows, failed);
}

function notesOf({ notes, protocol, protocolReason, preprocessing, preprocessingReason }: ClassifySettings): readonly string[] {
  return [
    ...notes,
    ...(protocolReason === '' ? [] : [`The ${protocol} protocol is used: ${protocolReason}`]),
    ...preprocessingNote({ name: preprocessing, reason: preprocessingReason }),
  ];
}
