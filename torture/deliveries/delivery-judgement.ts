import type { Delivered } from './delivered-texts.ts';
import type { Sent } from './flight-producer.ts';
import type { TorturedDelivery } from './tortured-delivery.ts';

/** What was acknowledged and is nowhere. */
export function* missing(
  { name }: TorturedDelivery,
  sent: ReadonlyMap<string, Sent>,
  delivered: readonly Delivered[],
): Generator<string> {
  const there = new Set(delivered.map(({ text }) => idOf(text)));
  for (const { id, isAcknowledged } of sent.values())
    if (isAcknowledged && !there.has(id)) yield `lost: no object of ${name} has ${id}`;
}

/** What is in two objects, or twice in one, in another one than it is for, or was never put like that. */
export function* misdelivered(
  { name, form, refusesPoison }: TorturedDelivery,
  sent: ReadonlyMap<string, Sent>,
  delivered: readonly Delivered[],
): Generator<string> {
  const first = new Map<string, string>();
  for (const { text, key, isError } of delivered) {
    const id = idOf(text);
    const before = first.get(id);
    if (before !== undefined) yield `duplicated: ${name} has ${id} in ${before} and in ${key}`;
    first.set(id, key);
    if (sent.get(id)?.text !== text) yield `altered: ${name} has ${text}, which was not put, in ${key}`;
    const isPoison = !text.startsWith('{');
    if (isError !== (isPoison && refusesPoison)) yield `misplaced: ${name} has ${text} in ${key}`;
    const origin = /\/origin=(\w+)\//.exec(key)?.[1];
    if (form === 'lines' && origin !== undefined && JSON.parse(text).origin !== origin)
      yield `misplaced: ${name} has ${text} in ${key}`;
  }
}

/** Poison begins with it, too. */
function idOf(text: string): string {
  return /^(?:\{"id":")?([a-z]+-\d+)/.exec(text)?.[1] ?? text;
}
