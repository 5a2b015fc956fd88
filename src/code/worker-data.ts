/** What the worker thread has to know when it starts. */
export interface WorkerData {
  /** The folder of the grammars. */
  readonly grammars: string;
  /** Of messages, by their English texts; without them they are English. */
  readonly translations?: Readonly<Record<string, string>> | undefined;
}
