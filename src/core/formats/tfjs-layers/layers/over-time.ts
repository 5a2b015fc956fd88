import { t } from '@vscode/l10n';
import type { Operation, Shape } from '../../../graph/model-graph';
import { behindPlainAxis } from '../../../graph/window';
import type { BuiltLayer } from './layer-call';

const everyStep = t('it runs for every step of a sequence');

/** A layer that treats every step of a sequence alone. @param build makes it for inputs without the axis of steps */
export function builtOverTime(inputs: readonly Shape[], build: (inputs: readonly Shape[]) => BuiltLayer): BuiltLayer {
  const [first] = inputs;
  const { operation, shape } = build(inputs.map((input) => input?.toSpliced(1, 1)));
  return { operation, shape: shape?.toSpliced(1, 0, first?.[1] ?? null), isOverTime: true, sealed: everyStep };
}

/** What an operation on one step is on all of them: a window that reaches over one step. */
export function overSteps(operation: Operation): Operation {
  switch (operation.kind) {
    case 'convolution': {
      const { sharedKernel, kernels } = operation;
      return {
        ...operation,
        window: behindPlainAxis(operation.window),
        ...(sharedKernel && { sharedKernel: { ...sharedKernel, shape: [1, ...sharedKernel.shape] } }),
        ...(kernels && { kernels: { ...kernels, shape: [1, ...kernels.shape] } }),
      };
    }
    case 'max-pool':
    case 'average-pool':
    case 'transposed-convolution':
      return { ...operation, window: behindPlainAxis(operation.window) };
    case 'pad':
      return { ...operation, begin: [0, ...operation.begin], end: [0, ...operation.end] };
    case 'slice':
      return { ...operation, stride: [1, ...operation.stride] };
    case 'space-to-depth':
      return { ...operation, block: [1, ...operation.block] };
    // The steps stay, so it is no single position that is left.
    case 'global-pool':
      return { kind: 'positional' };
    default:
      return operation;
  }
}
