import type { Millis } from '../../src/env/clock.ts';
import type { SeededRandom } from '../random.ts';
import type { Delivery, MappingModel } from './mapping-model.ts';

/** What a function does with one event. */
export type Reaction =
  /** Answers after a while; all of it is done. */
  | { readonly kind: 'succeeds'; readonly after: Millis }
  /** Says that records from this one on, by its index, are not done. */
  | { readonly kind: 'fails items'; readonly from: number; readonly after: Millis }
  | { readonly kind: 'throws'; readonly after: Millis }
  /** Answers what is no JSON. */
  | { readonly kind: 'talks nonsense' }
  /** Answers more than Lambda takes. */
  | { readonly kind: 'says too much' }
  | { readonly kind: 'never answers' }
  | { readonly kind: 'exits'; readonly code: number };

/** What functions are like. `poisoned` ones fail at some records each time, as long as it is not calm. */
export const tempers = ['reliable', 'reliable', 'flaky', 'poisoned', 'poisoned', 'erratic'] as const;
export type Temper = (typeof tempers)[number];

/** Draws what a function does. */
export function reactionTo(
  mapping: MappingModel,
  temper: Temper,
  deliveries: readonly Delivery[],
  random: SeededRandom,
): Reaction {
  const after = random.chance(0.1) ? random.real(0, slowMsMax) : random.real(0, 3);
  if (temper === 'poisoned') {
    const bad = deliveries.findIndex(({ id }) => isPoison(mapping, id));
    if (bad === -1) return { kind: 'succeeds', after };
    return reportsItems(mapping) ? { kind: 'fails items', from: bad, after } : { kind: 'throws', after };
  }
  if (temper === 'reliable' || random.chance(0.7)) return { kind: 'succeeds', after };
  if (reportsItems(mapping) && deliveries.length > 0 && random.chance(0.6))
    return { kind: 'fails items', from: random.below(deliveries.length), after };
  return temper === 'flaky' ? { kind: 'throws', after } : misdeed(mapping, random);
}

const slowMsMax: Millis = 200;

/** About one record in twelve, another one for each function. */
function isPoison({ functionName }: MappingModel, id: string): boolean {
  let mixed = 0;
  for (const letter of `${functionName}/${id}`) mixed = (Math.imul(mixed, 31) + letter.charCodeAt(0)) >>> 0;
  return mixed % 12 === 0;
}

export function reportsItems({ first }: MappingModel): boolean {
  return first.FunctionResponseTypes.length > 0;
}

function misdeed({ first }: MappingModel, random: SeededRandom): Reaction {
  const kind = random.pick(['never answers', 'exits', 'exits', 'says too much', 'talks nonsense'] as const);
  // Where nothing of an answer is looked at, nonsense is an answer like any other.
  if (kind === 'talks nonsense' && first.TumblingWindowInSeconds === 0) return { kind: 'exits', code: 1 };
  return kind === 'exits' ? { kind, code: random.pick([0, 1, 137]) } : { kind };
}
