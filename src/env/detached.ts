/**
 * Lets work go on without waiting for it. `failed` is called with what it rejects with: an unhandled
 * rejection would end the process.
 */
export function detached(work: Promise<unknown>, failed: (error: unknown) => void): void {
  work.then(undefined, failed);
}

/**
 * For work that does not reject, whatever its input is, and whose failure would leave the program in an
 * unforeseen state. It ends the process, as an uncaught exception does.
 */
export function unthinkable(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
