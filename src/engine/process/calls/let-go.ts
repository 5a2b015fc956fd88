import type { Handler } from '../handler';
import { keptModels } from '../kept/kept-models';

/** Closes a model that is kept open. */
export const letGo: Handler<'let-go'> = async ({ path }) => {
  await keptModels.letGo(path);
  return null;
};
