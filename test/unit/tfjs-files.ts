import { io } from '@tensorflow/tfjs';
import { inMemory } from '../../src/core/formats/byte-source';
import type { ModelSource, Patch, TextEdit } from '../../src/core/formats/format';
import { ModelError } from '../../src/core/model-error';
import { applyEdits } from '../../src/core/formats/text-edits';

/** A tfjs model as files in memory: `model.json` and what lies beside it. */
export interface MemoryModel {
  readonly text: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** All weights, in the manifest's order. */
export function weightsOf({ text, files }: MemoryModel): Pick<io.ModelArtifacts, 'weightSpecs' | 'weightData'> {
  const { weightsManifest } = JSON.parse(text) as io.ModelJSON;
  return {
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: io.CompositeArrayBuffer.join(weightsManifest.flatMap(({ paths }) => paths.map((path) => files.get(path)!.slice().buffer))),
  };
}

/** The model as readers see it. */
export function sourceOf({ text, files }: MemoryModel, path = 'model.json'): ModelSource {
  const sibling = (name: string): Uint8Array | undefined => {
    if (name.includes('..')) throw new ModelError('outside-folder', `"${path}" names the weight file "${name}" outside its folder.`);
    return files.get(name);
  };
  return {
    path,
    ...inMemory(new TextEncoder().encode(text)),
    readSibling: async (name) => Promise.resolve(sibling(name)),
    siblingSize: async (name) => Promise.resolve(sibling(name)?.length),
    readSiblingRange: async (name, offset, length) => Promise.resolve(sibling(name)?.subarray(offset, offset + length)),
  };
}

/** The model after a patch. */
export function patched({ text, files }: MemoryModel, patch: Patch): MemoryModel {
  if (patch.kind !== 'text') throw new Error('A tfjs model is patched as text.');
  return {
    text: applyEdits(text, patch.edits),
    files: new Map([...files, ...patch.newFiles.map(({ relativePath, bytes }) => [relativePath, bytes] as const)]),
  };
}

/** Takes the edits back: what is left untouched must be the very text of the original. */
export function editsTakenBack(fixed: string, edits: readonly TextEdit[], original: string): string {
  let restored = fixed;
  let end = fixed.length;
  let originalEnd = original.length;
  const inOrder = [...edits].sort((a, b) => a.offset - b.offset);
  for (const { offset, length, text } of inOrder.reverse()) {
    const start = end - (originalEnd - offset - length) - text.length;
    restored = restored.slice(0, start) + original.slice(offset, offset + length) + restored.slice(start + text.length);
    end = start;
    originalEnd = offset;
  }
  return restored;
}
