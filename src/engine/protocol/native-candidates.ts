/** A folder from which tfjs-node may be found, and how that place is called in front of people. */
export interface NativeCandidate {
  /** A folder with `node_modules`, or the package's own. */
  readonly folder: string;
  /** For example `the workspace`. */
  readonly place: string;
}

/** The variable by which the host tells the engine process where to look, as JSON. */
export const nativeCandidatesVariable = 'SHIFTLINT_TFJS_NODE';

/** Reads the variable; anything else than a list of candidates counts as none. */
export function nativeCandidates(text: string | undefined): readonly NativeCandidate[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.filter(isCandidate) : [];
  } catch {
    return [];
  }
}

function isCandidate(value: unknown): value is NativeCandidate {
  if (typeof value !== 'object' || value === null) return false;
  const { folder, place }: { folder?: unknown; place?: unknown } = value;
  return typeof folder === 'string' && typeof place === 'string';
}
