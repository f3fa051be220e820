import type { SecureContext } from 'node:tls';
import type { Identity } from '../../env/network.ts';
import { contextOf, type KeyPair } from './key-pair.ts';

/** The certificate that another thread says is to be shown now. */
export class RemoteCertificate {
  readonly #ask: () => Promise<KeyPair>;
  #shown: { readonly certificate: string; readonly context: SecureContext } | undefined;

  constructor(ask: () => Promise<KeyPair>) {
    this.#ask = ask;
  }

  readonly identity: Identity = async () => {
    const pair = await this.#ask();
    if (this.#shown?.certificate !== pair.certificate) {
      this.#shown = { certificate: pair.certificate, context: contextOf(pair) };
    }
    return this.#shown.context;
  };
}
