import { networkNames, type NetworkName } from '../network/networks';
import type { StudyRecord } from '../runs/record';
import { blurNames, type BlurName } from '../settings';
import type { Run } from '../training/run';
import { estimate, type Estimate } from './interval';

/** All seeds of one network, trained one way, with one blur. */
export interface Group {
  readonly network: NetworkName;
  readonly augmented: boolean;
  readonly blur: BlurName;
  readonly seeds: number;
  readonly accuracy: Estimate;
  readonly consistency: Estimate;
  /** Gain over the network without blur, seed by seed: both start from the same weights and see the same images. */
  readonly accuracyGain: Estimate | undefined;
  readonly consistencyGain: Estimate | undefined;
}

/** One row of the table each, in its order; only what has runs. */
export function groupsOf({ runs }: StudyRecord): readonly Group[] {
  return networkNames.flatMap((network) =>
    [false, true].flatMap((augmented) =>
      blurNames.flatMap((blur) => {
        const alike = runs.filter((run) => run.network === network && run.augmented === augmented);
        const own = alike.filter((run) => run.blur === blur);
        return own.length === 0 ? [] : [groupOf({ network, augmented, blur }, own, alike)];
      }),
    ),
  );
}

function groupOf(key: Pick<Group, 'network' | 'augmented' | 'blur'>, own: readonly Run[], alike: readonly Run[]): Group {
  const gain = (figure: 'accuracy' | 'consistency'): Estimate | undefined => {
    const gains = own.flatMap((run) => {
      const plain = alike.find(({ blur, seed }) => blur === 'none' && seed === run.seed);
      return plain === undefined ? [] : [run[figure] - plain[figure]];
    });
    return key.blur === 'none' || gains.length === 0 ? undefined : estimate(gains);
  };
  return {
    ...key,
    seeds: own.length,
    accuracy: estimate(own.map(({ accuracy }) => accuracy)),
    consistency: estimate(own.map(({ consistency }) => consistency)),
    accuracyGain: gain('accuracy'),
    consistencyGain: gain('consistency'),
  };
}
