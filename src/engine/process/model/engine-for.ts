import type { FormatId } from '../../../core/graph/model-graph';
import type { Engine } from '../../runtimes/engine';
import { watchedEngine } from './run-watch';

const engines = new Map<FormatId, Promise<Engine>>();

/** The runtime of a format, loaded when first asked for: users of one format never load the other's. */
export function engineFor(format: FormatId): Promise<Engine> {
  const known = engines.get(format);
  if (known !== undefined) return known;
  const loading = createEngine(format).then(watchedEngine);
  engines.set(format, loading);
  return loading;
}

async function createEngine(format: FormatId): Promise<Engine> {
  switch (format) {
    case 'onnx':
      return (await import('../../runtimes/onnx/index')).createOnnxEngine();
    case 'tfjs-graph':
    case 'tfjs-layers':
      return (await import('../../runtimes/tfjs/index')).createTfjsEngine();
  }
}
