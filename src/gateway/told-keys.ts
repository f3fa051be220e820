import { strict as assert } from 'node:assert';
import { createSecretKey } from 'node:crypto';
import type { PlacingKey } from '../log/data-keys.ts';

/** A data key as the owner is told it: enough to place what is encrypted with it, not to read it. */
export type ToldKey = {
  /** Names it in the appends that follow, on this connection. */
  readonly number: number;
  readonly arn: string;
  readonly wrapped: Uint8Array;
  readonly places: Uint8Array;
};

/** How a worker lets the owner know its keys: each once, in order with the appends that name it. */
type KeyTeller = {
  tell<Subject extends 'key' | 'forget-key'>(subject: Subject, body: KeyEvents[Subject]): void;
};

/** What a worker lets the owner know of its keys. */
export type KeyEvents = { readonly key: ToldKey; readonly 'forget-key': number };

/** The keys that a worker has told its owner. */
export class ToldKeys {
  readonly #owner: KeyTeller;
  readonly #keysMax: number;
  /** Those told first, first. */
  readonly #numbers = new Map<PlacingKey, number>();
  #last = 0;

  constructor(owner: KeyTeller, keysMax = toldKeysMax) {
    this.#owner = owner;
    this.#keysMax = keysMax;
  }

  /** The number of a key, which the owner knows by the time it gets what is asked next. */
  numberOf(key: PlacingKey): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#numbers.size >= this.#keysMax) this.#forgetFirst();
    const number = ++this.#last;
    this.#numbers.set(key, number);
    // Copies: a view would take its whole memory along.
    const wrapped = new Uint8Array(key.wrapped);
    const places = new Uint8Array(key.places.export());
    this.#owner.tell('key', { number, arn: key.arn, wrapped, places });
    return number;
  }

  /** One that is still used is told again, and is another key to the log. */
  #forgetFirst(): void {
    for (const [key, number] of this.#numbers) {
      this.#numbers.delete(key);
      this.#owner.tell('forget-key', number);
      return;
    }
  }
}

/** The keys that a worker has told, as its owner knows them. */
export class HeardKeys {
  readonly #keys = new Map<number, PlacingKey>();

  hear({ number, arn, wrapped, places }: ToldKey): void {
    this.#keys.set(number, { arn, wrapped: Buffer.from(wrapped), places: createSecretKey(places) });
  }

  forget(number: number): void {
    this.#keys.delete(number);
  }

  of(number: number): PlacingKey {
    const key = this.#keys.get(number);
    assert(key !== undefined);
    return key;
  }
}

/** A key is used for some minutes, and forgotten when so many came after it. */
const toldKeysMax = 1024;
