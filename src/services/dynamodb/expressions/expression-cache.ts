import { Bounded } from '../../../env/bounded.ts';

const textsMax = 1_000;

/**
 * What expressions of a text say before names and values are put in. Clients send the same text over and
 * over, so a server keeps one of these; it is bounded.
 */
export class ExpressionCache {
  readonly #parsed = new Bounded<string, unknown>(textsMax);

  get size(): number {
    return this.#parsed.has('') ? 1 : 0;
  }
}
