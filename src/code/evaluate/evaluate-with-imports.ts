import type { Program } from '../program/program';
import type { Stop } from '../program/stop';
import { evaluateProgram, type Evaluation, type EvaluationParts } from './evaluate-program';
import type { PieceCache } from './pieces/piece-cache';
import type { LayerSite } from './sites/site';

/** What evaluating a document has shown. */
export interface DocumentEvaluation extends Pick<Evaluation, 'readsOnly'> {
  /** Of the evaluation that follows imports, then, where that one stopped early, of one of the document alone. */
  readonly sites: readonly (readonly LayerSite[])[];
  /** Where judging the document itself stopped early; null where all of it was judged. */
  readonly stop: Stop | null;
  /** Where only the following of its imports stopped early. */
  readonly importsStop: Stop | null;
}

/**
 * Evaluates a document with the files that it imports. A large library may use up what evaluating may cost; its own layers are not to be
 * missed for that, so the document is then evaluated alone too.
 *
 * @param alonePieces what is kept of evaluations of the document alone
 */
export function evaluateWithImports(program: Program, source: string, parts: EvaluationParts, alonePieces: PieceCache): DocumentEvaluation {
  const followed = evaluateProgram(program, source, parts);
  if (parts.modules === null || followed.stop === null) return ofOne(followed);
  const alone = evaluateProgram(program, source, { ...parts, modules: null, modulesState: 0, pieces: alonePieces });
  return {
    sites: [followed.sites, alone.sites],
    stop: alone.stop,
    importsStop: alone.stop === null ? followed.stop : null,
    readsOnly: (range, site) => followed.readsOnly(range, site) || alone.readsOnly(range, site),
  };
}

/** The document of a single evaluation. */
export function ofOne(evaluation: Evaluation): DocumentEvaluation {
  const { sites, stop } = evaluation;
  return { sites: [sites], stop, importsStop: null, readsOnly: (range, site) => evaluation.readsOnly(range, site) };
}
