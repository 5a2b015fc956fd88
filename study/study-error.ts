/** Why a study could not be made: a full sentence for whoever started it. */
export class StudyError extends Error {
  override readonly name = 'StudyError';
}
