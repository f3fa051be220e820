import { Bounded } from '../../../env/bounded.ts';
import type { ConditionSyntax, ProjectionSyntax, UpdateSyntax } from './syntax.ts';

/** Together at most some 20 MB, with texts of the worst kind. */
const textsMax = 500;
const lengthMax = 512;

/**
 * What texts of expressions say before names and values are put in. Clients send the same text over and over,
 * so a server keeps one of these; it is bounded. Texts that are no expressions are not kept.
 */
export class ExpressionCache {
  readonly conditions = new KnownTexts<ConditionSyntax>();
  readonly updates = new KnownTexts<UpdateSyntax>();
  readonly projections = new KnownTexts<ProjectionSyntax>();
}

class KnownTexts<Syntax> {
  readonly #known = new Bounded<string, Syntax>(textsMax);

  get(text: string): Syntax | undefined {
    return this.#known.get(text);
  }

  keep(text: string, syntax: Syntax): void {
    if (text.length <= lengthMax) this.#known.set(text, syntax);
  }
}
