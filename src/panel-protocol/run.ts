/** How the run of a study stands. */
export type RunView =
  | { readonly state: 'idle' }
  | {
      readonly state: 'running';
      readonly done: number;
      readonly backend: string | null;
      /** Names what runs now, where a study has several steps. */
      readonly step: string | null;
      /** Absent while it cannot be told. */
      readonly remainingMs?: number;
    }
  | {
      readonly state: 'finished';
      readonly backend: string;
      readonly elapsedMs: number;
      /** Kept from an earlier run with the same model, input and options. */
      readonly restored: boolean;
      /** The model, the input or the options have changed since. */
      readonly stale: boolean;
    }
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly message: string };
