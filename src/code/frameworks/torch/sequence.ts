import type { Node } from 'web-tree-sitter';
import type { Workplace } from '../../fix/draft';
import { callOf, memberOf } from '../../fix/syntax/calls';
import { nameOfPath } from '../../fix/syntax/import-paths';

/** How the file calls nn.Sequential: an activation and its blur take one place, so that no index and no key moves. */
export function sequenceBeside({ root, call }: Workplace, layer: Node | null = null): string | null {
  const callee = (layer === null ? null : callOf(layer)?.callee) ?? call.callee;
  const member = memberOf(callee);
  const named = nameOfPath(root, 'torch.nn.Sequential');
  return named ?? (member === null ? null : `${member.object.text}.Sequential`);
}
