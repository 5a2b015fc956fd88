import { Parser } from 'web-tree-sitter';

/**
 * What tree-sitter's WebAssembly exports for reading nodes. Each function looks for the node that it is asked about in one place of the
 * memory, where also its answer is put. `web-tree-sitter` has the same of them, by way of objects and of numbers written one by one, which
 * takes most of the time that reading a tree takes. Its version is pinned; a test holds what is read here against its own nodes.
 */
interface NodeExports {
  readonly HEAP32: Int32Array;
  /** Address of that place. */
  readonly _ts_init: () => number;
  readonly _ts_tree_root_node_wasm: (tree: number) => void;
  readonly _ts_node_symbol_wasm: (tree: number) => number;
  readonly _ts_node_end_index_wasm: (tree: number) => number;
  readonly _ts_node_is_named_wasm: (tree: number) => number;
  readonly _ts_node_children_wasm: (tree: number) => void;
  readonly _ts_node_named_children_wasm: (tree: number) => void;
  readonly _ts_node_child_by_field_id_wasm: (tree: number, field: number) => void;
  readonly _free: (address: number) => void;
}

/** A node takes five words: its address, its offset in the text, its row and column, and its alias. */
export const wordsOfNode = 5;

/** The memory of tree-sitter's WebAssembly, and the functions that read nodes there. */
export interface NodeMemory {
  /** The memory as it is now: where it has grown, it is another one. */
  words(): Int32Array;
  /** Index of the word at which the place for questions and answers begins. */
  readonly place: number;
  readonly rootOf: NodeExports['_ts_tree_root_node_wasm'];
  readonly symbolOf: NodeExports['_ts_node_symbol_wasm'];
  readonly endOf: NodeExports['_ts_node_end_index_wasm'];
  readonly isNamed: NodeExports['_ts_node_is_named_wasm'];
  readonly childrenOf: NodeExports['_ts_node_children_wasm'];
  readonly namedChildrenOf: NodeExports['_ts_node_named_children_wasm'];
  readonly childOfField: NodeExports['_ts_node_child_by_field_id_wasm'];
  readonly free: NodeExports['_free'];
}

function memoryOf(exports: NodeExports): NodeMemory {
  let words = exports.HEAP32;
  return {
    words: () => {
      // Growing takes the old view's memory away.
      if (words.length === 0) words = exports.HEAP32;
      return words;
    },
    place: exports._ts_init() >> 2,
    rootOf: exports._ts_tree_root_node_wasm,
    symbolOf: exports._ts_node_symbol_wasm,
    endOf: exports._ts_node_end_index_wasm,
    isNamed: exports._ts_node_is_named_wasm,
    childrenOf: exports._ts_node_children_wasm,
    namedChildrenOf: exports._ts_node_named_children_wasm,
    childOfField: exports._ts_node_child_by_field_id_wasm,
    free: exports._free,
  };
}

let loading: Promise<NodeMemory> | undefined;
let loaded: NodeMemory | undefined;

/** Loads tree-sitter, once for all sessions: it keeps the first WebAssembly that it is given. */
export async function loadTreeSitter(load: () => Promise<Uint8Array>): Promise<void> {
  loading ??= instantiate(load);
  try {
    loaded = await loading;
  } catch (error) {
    loading = undefined;
    throw error;
  }
}

/** The options that it is initialised with become the module itself. */
async function instantiate(load: () => Promise<Uint8Array>): Promise<NodeMemory> {
  const module = { wasmBinary: await load() };
  await Parser.init(module);
  return memoryOf(module as unknown as NodeExports);
}

/** @throws Error where tree-sitter is not loaded yet */
export function nodeMemory(): NodeMemory {
  if (loaded === undefined) throw new Error('The syntax of sources cannot be read before tree-sitter is loaded.');
  return loaded;
}
