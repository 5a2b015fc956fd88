/** A figure of the fixed model as inserted, and after recovery. */
export interface BeforeAfter<Value> {
  readonly before: Value;
  readonly after: Value;
}
