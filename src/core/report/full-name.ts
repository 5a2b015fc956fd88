import { t } from '@vscode/l10n';
import type { NamedLayer } from '../graph/layer-labels';

/** All that a layer is called, for a tooltip: its label, then the node and the tensor of the file where they are called otherwise. */
export function fullName({ label, node, tensor }: Pick<NamedLayer, 'label' | 'node' | 'tensor'>): string {
  return [label, ...(node === label ? [] : [t`node ${node}`]), ...(tensor === node || tensor === label ? [] : [t`tensor ${tensor}`])].join(
    ' · ',
  );
}
