/**
 * Lets work go on that nobody waits for. `failed` hears what it rejects with: without that, one rejection
 * would end the process.
 */
export function detached(work: Promise<unknown>, failed: (error: unknown) => void): void {
  work.then(undefined, failed);
}

/**
 * For work that does not reject, whatever its input is, and whose failure would leave the program in a state
 * that nobody has thought of. It ends the process, as an exception that nobody catches.
 */
export function unthinkable(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
