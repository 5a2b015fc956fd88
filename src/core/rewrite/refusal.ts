import type { Layer } from '../graph/model-graph';

/** Why a layer cannot be fixed, as full sentences, and the layers or nodes at fault, by name. */
export interface Refusal {
  readonly ok: false;
  readonly reason: string;
  readonly nodes: readonly string[];
}

/** A refusal in words of its own. */
export function refuse(reason: string, nodes: readonly string[]): Refusal {
  return { ok: false, reason, nodes };
}

/** The refusal of a layer. @param reason read on after "because" @param nodes at fault, where it is not the layer itself */
export function cannot({ name }: Pick<Layer, 'name'>, reason: string, nodes: readonly string[] = [name]): Refusal {
  return refuse(`"${name}" cannot be rewritten: ${reason}.`, nodes);
}
