import type { Target } from './target.ts';

/** An input that makes a target do what it must not. */
export type Finding = { readonly input: Buffer; readonly error: unknown; readonly cause: string };

/** What an input came to. */
export type Outcome = { readonly answer: string } | { readonly error: unknown };

export async function outcomeOf(target: Target, input: Buffer): Promise<Outcome> {
  const before = Buffer.from(input);
  try {
    const answer = await target.run(input);
    if (!input.equals(before)) throw new Error('the input was changed');
    return { answer };
  } catch (error) {
    return { error };
  }
}

/** Where an error came from, so that one fault is found once: its name and the first line of our own. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const lines = (error.stack ?? '').split('\n');
  const place = lines.find((line) => /\/(src|fuzz\/targets)\//.test(line)) ?? '';
  return `${error.name} ${/(?:src|fuzz)\/[\w/.-]+:\d+/.exec(place)?.[0] ?? error.message}`;
}

/** A shorter input with the same cause, as far as a few hundred attempts lead. */
export async function shrink(target: Target, { input, cause, error }: Finding): Promise<Finding> {
  let best: Finding = { input, cause, error };
  let attempts = 0;
  for (let size = input.length >> 1; size >= 1 && attempts < attemptsMax; ) {
    let isShorter = false;
    for (let at = 0; at < best.input.length && attempts < attemptsMax; ) {
      const shorter = Buffer.concat([best.input.subarray(0, at), best.input.subarray(at + size)]);
      const outcome = await outcomeOf(target, shorter);
      attempts += 1;
      if ('error' in outcome && causeOf(outcome.error) === cause) {
        best = { input: shorter, cause, error: outcome.error };
        isShorter = true;
      } else {
        at += size;
      }
    }
    if (!isShorter || size > 1) size = size === 1 ? 0 : size >> 1;
  }
  return best;
}

const attemptsMax = 500;
