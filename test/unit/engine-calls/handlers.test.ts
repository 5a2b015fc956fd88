import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { handlers } from '../../../src/engine/process/calls/index';
import type { Handler, Handlers } from '../../../src/engine/process/handler';

const folder = path.resolve(import.meta.dirname, '../../../src/engine/process/calls');

it('serves every call from a file of its name', () => {
  const files = readdirSync(folder).filter((file) => file !== 'index.ts');
  expect(
    Object.keys(handlers)
      .map((call) => `${call}.ts`)
      .sort(),
  ).toEqual(files.sort());
});

it('has a type that takes no table without a handler, no handler of another call and no progress that the map does not name', () => {
  const { run, ...others } = handlers;
  // @ts-expect-error a call of the map without a handler
  const incomplete: Handlers = others;
  // @ts-expect-error a handler of a call that the map does not have
  const unknown: Handlers = { ...handlers, guess: run };
  // @ts-expect-error the result of a run is no measurement
  const mistaken: Handler<'measure'> = run;
  const talkative: Handler<'run'> = (_, call) => {
    // @ts-expect-error a run tells nothing meanwhile
    call.report({ kind: 'share', done: 1 });
    return Promise.resolve(undefined);
  };
  expect([incomplete, unknown, mistaken, talkative]).toHaveLength(4);
});
