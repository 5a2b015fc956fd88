import type { CallKind } from '../../protocol/calls';
import type { ReadingKind } from '../../protocol/reading';
import type { Handlers } from '../handler';
import { classify } from './classify';
import { features } from './features';
import { measure } from './measure';
import { measureDeployed } from './measure-deployed';
import { measureVariants } from './measure-variants';
import { recover } from './recover';
import { run } from './run';
import { writeMaps } from './write-maps';

/** Every call that runs a model and what serves it. */
export const handlers: Handlers<Exclude<CallKind, ReadingKind>> = {
  measure,
  'measure-deployed': measureDeployed,
  features,
  classify,
  'measure-variants': measureVariants,
  recover,
  run,
  'write-maps': writeMaps,
};
