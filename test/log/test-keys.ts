import { createCipheriv, createDecipheriv } from 'node:crypto';
import { DataKey, type DataKeys, EncryptingKey, type Wrapping } from '../../src/log/data-keys.ts';
import { KeyError, type KeyTrouble } from '../../src/log/log.ts';
import { TestRandom } from './world.ts';

/** Keys that wrap data keys with AES-256-GCM under a key of their own. */
export class TestKeys implements DataKeys {
  readonly arn = 'arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  /** What is the matter with it. */
  trouble: KeyTrouble | undefined;
  /** How often a wrapping was opened. */
  opened = 0;
  readonly #random = new TestRandom(7);
  readonly #secret = this.#random.bytes(32);
  #current: EncryptingKey | undefined;

  async current(): Promise<EncryptingKey | undefined> {
    return this.#current;
  }

  async open(wrapped: Wrapping): Promise<DataKey> {
    if (this.trouble !== undefined) throw new KeyError(`${wrapped.arn} is ${this.trouble}.`, this.trouble);
    this.opened += 1;
    const bytes = wrapped.wrapped;
    const decipher = createDecipheriv('aes-256-gcm', this.#secret, bytes.subarray(0, 12));
    decipher.setAAD(Buffer.from(wrapped.arn)).setAuthTag(bytes.subarray(-16));
    const secret = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    return new DataKey(wrapped, secret);
  }

  /** Batches are encrypted with a new data key from now on. */
  renew(): void {
    const secret = this.#random.bytes(32);
    const nonce = this.#random.bytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#secret, nonce).setAAD(Buffer.from(this.arn));
    const encrypted = [cipher.update(secret), cipher.final()];
    const wrapped = Buffer.concat([nonce, ...encrypted, cipher.getAuthTag()]);
    this.#current = new EncryptingKey(new DataKey({ arn: this.arn, wrapped }, secret));
  }

  /** Batches are not encrypted from now on. */
  stop(): void {
    this.#current = undefined;
  }
}
