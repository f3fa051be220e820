/**
 * Thrown by `prepare` of an operation that runs `near`, where what it is about is not known in this thread,
 * and nothing was done: the owner is asked then, which knows all.
 */
export class AskOwner extends Error {
  override readonly name = 'AskOwner';
  /** The body of the call, as it is known: it is read but once when it is large. */
  readonly body: Buffer | undefined;

  constructor(body?: Buffer) {
    super('Only the owner knows.');
    this.body = body;
  }
}
