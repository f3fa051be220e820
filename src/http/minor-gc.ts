/**
 * What requests leave behind, counted by the bytes of their bodies, of the packets that these came in, and of
 * answers that waited for their clients. V8 collects young objects once many are in its heap, but buffers lie
 * outside of it: a put in CBOR leaves three times its size in buffers and hardly an object, and all of that
 * would stay until a major collection, which V8 then begins several times a second. So V8 is asked for a
 * minor collection after so many bytes.
 */
export class MinorGc {
  readonly #collect: () => void;
  #bytes = 0;
  /** Gone once V8 has collected by itself. */
  #witness = new WeakRef({});

  /** `collect` frees what is young and no longer needed. */
  constructor(collect: () => void) {
    this.#collect = collect;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < collectedBytes) return;
    this.#bytes = 0;
    if (this.#witness.deref() !== undefined) this.#collect();
    this.#witness = new WeakRef({});
  }
}

/** Measured with bodies of 500 KB in CBOR: 8 MiB costs as much a record, 32 MiB a sixth more. */
export const collectedBytes = 16 * 1024 * 1024;

/** Takes less than a millisecond. V8 offers it with `--expose-gc`; without that, V8 decides by itself. */
export function collectYoung(): void {
  globalThis.gc?.({ type: 'minor', execution: 'sync' });
}
