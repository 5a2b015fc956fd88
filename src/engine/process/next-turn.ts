/** Lets the process handle its messages, such as a cancellation, before going on. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
