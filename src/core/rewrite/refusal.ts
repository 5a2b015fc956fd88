import { t } from '@vscode/l10n';
import { labelOf } from '../graph/layer-labels';
import type { Layer } from '../graph/model-graph';

/** Why a layer cannot be fixed, as full sentences that call layers by their labels, and the layers or nodes at fault, by name. */
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
export function cannot(layer: Pick<Layer, 'name' | 'label'>, reason: string, nodes: readonly string[] = [layer.name]): Refusal {
  return refuse(t`"${labelOf(layer)}" cannot be rewritten: ${reason}.`, nodes);
}
