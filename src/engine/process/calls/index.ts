import type { CallKind } from '../../protocol/calls';
import type { ReadingKind } from '../../protocol/reading';
import type { Handlers } from '../handler';
import { alone } from '../kept/alone';
import { classify } from './classify';
import { features } from './features';
import { letGo } from './let-go';
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
  'measure-variants': alone(measureVariants),
  recover: alone(recover),
  run: alone(run),
  'let-go': letGo,
  'write-maps': writeMaps,
};
