import { mutateBytes } from '../mutate/bytes';
import { mutateJson } from '../mutate/json';
import { mutateProtobuf } from '../mutate/protobuf';
import type { Random } from '../random';
import { randomOnnx } from '../random-onnx';
import type { Corpus, Surface } from './surface';
import { fuzzedSource, useModel } from './use-model';

const noFiles = new Map<string, Uint8Array>();

function onnx(name: string, { onnx: models }: Corpus, make: (random: Random, bytes: Uint8Array, other: Uint8Array) => Uint8Array): Surface {
  return {
    name,
    run: (random) => {
      const bytes = make(random, random.pick(models), random.pick(models));
      return useModel(random, fuzzedSource('model.onnx', bytes, noFiles, random.chance(0.3)));
    },
  };
}

function tfjs(
  name: string,
  { tfjs: models }: Corpus,
  textOf: (random: Random, model: Corpus['tfjs'][number], other: Corpus['tfjs'][number]) => Uint8Array,
): Surface {
  return {
    name,
    run: (random) => {
      const model = random.pick(models);
      const bytes = textOf(random, model, random.pick(models));
      return useModel(random, fuzzedSource('model.json', bytes, random.chance(0.9) ? model.files : noFiles, random.chance(0.3)));
    },
  };
}

/** Readers, rules, planners and patchers of all formats. */
export function modelSurfaces(corpus: Corpus): readonly Surface[] {
  const encoder = new TextEncoder();
  return [
    onnx('onnx, bytes', corpus, mutateBytes),
    onnx('onnx, fields', corpus, mutateProtobuf),
    {
      name: 'onnx, random graphs',
      run: (random) => useModel(random, fuzzedSource('model.onnx', randomOnnx(random), noFiles, random.chance(0.3))),
    },
    tfjs('tfjs, bytes', corpus, (random, { text }, other) => mutateBytes(random, encoder.encode(text), encoder.encode(other.text))),
    tfjs('tfjs, values', corpus, (random, { root }, other) => encoder.encode(JSON.stringify(mutateJson(random, root, other.root)))),
  ];
}
