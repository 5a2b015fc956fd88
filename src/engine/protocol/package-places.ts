/** A folder from which packages may be loaded that Shiftlint does not carry, and how that place is called in front of people. */
export interface PackagePlace {
  /** A folder with `node_modules`; for tfjs-node also the package's own. */
  readonly folder: string;
  /** For example `the workspace`. */
  readonly place: string;
}

/** The variables by which the host says where to look, as JSON: for tfjs-node, and for the GPU backend of TensorFlow.js. */
export const placesVariable = { native: 'SHIFTLINT_TFJS_NODE', gpu: 'SHIFTLINT_TFJS_WEBGPU' } as const;

/** Reads such a variable; anything else than a list of places counts as none. */
export function packagePlaces(text: string | undefined): readonly PackagePlace[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list.filter(isPlace) : [];
  } catch {
    return [];
  }
}

function isPlace(value: unknown): value is PackagePlace {
  if (typeof value !== 'object' || value === null) return false;
  const { folder, place }: { folder?: unknown; place?: unknown } = value;
  return typeof folder === 'string' && typeof place === 'string';
}
