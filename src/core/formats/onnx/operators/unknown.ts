import { t } from '@vscode/l10n';
import { opaque, type OperatorCall, type OperatorResult } from './call';

/** For operators that only their name is known of. */
export function unknownOperator({ node }: OperatorCall): OperatorResult {
  return opaque(t`Shiftlint has no knowledge of the operator ${node.opType}`);
}
