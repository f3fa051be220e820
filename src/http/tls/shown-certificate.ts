import type { Identity, ServerContext } from '../../env/network.ts';
import { contextOf, type ShownPair } from './key-pair.ts';

/** What is to be shown now, as something else says, perhaps in another thread. */
export class ShownCertificate {
  readonly #ask: () => Promise<ShownPair>;
  #shown: { readonly pair: ShownPair; readonly context: ServerContext } | undefined;

  constructor(ask: () => Promise<ShownPair>) {
    this.#ask = ask;
  }

  readonly identity: Identity = async () => {
    const pair = await this.#ask();
    if (this.#shown === undefined || !isSame(this.#shown.pair, pair)) {
      this.#shown = { pair, context: contextOf(pair) };
    }
    return this.#shown.context;
  };
}

function isSame(one: ShownPair, other: ShownPair): boolean {
  return one.certificate === other.certificate && one.clients?.pem === other.clients?.pem;
}
