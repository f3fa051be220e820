/** Behind it clients are at work. While it is closed none enters, and those inside can be waited for. */
export class Gate {
  #opened = Promise.withResolvers<void>();
  #isOpen = false;
  #inside = 0;
  #emptied = Promise.withResolvers<void>();

  open(): void {
    this.#isOpen = true;
    this.#opened.resolve();
  }

  /** Lets no more clients in, and resolves when none is inside. */
  async close(): Promise<void> {
    if (this.#isOpen) this.#opened = Promise.withResolvers();
    this.#isOpen = false;
    this.#emptied = Promise.withResolvers();
    if (this.#inside > 0) await this.#emptied.promise;
  }

  async enter(): Promise<void> {
    while (!this.#isOpen) await this.#opened.promise;
    this.#inside++;
  }

  leave(): void {
    if (--this.#inside === 0) this.#emptied.resolve();
  }
}
