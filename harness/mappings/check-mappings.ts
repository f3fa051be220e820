import { Expiry } from '../expiry.ts';
import type { Model, StreamModel } from '../model.ts';
import { checkCalls } from './check-calls.ts';
import { checkGivenUp } from './check-given-up.ts';
import { checkProgress } from './check-progress.ts';
import { checkWindows } from './check-windows.ts';
import { Coverage } from './coverage.ts';
import type { MappingsModel } from './mapping-model.ts';

/** Every promise about mappings that was broken, as a sentence each; none when all is well. */
export function* checkMappings({ mappings, model }: MappingsModel): Generator<string> {
  const expiries = new Map<StreamModel, Expiry>();
  for (const mapping of mappings) {
    const coverage = new Coverage(model, mapping, expiryOf(model, expiries));
    yield* checkCalls(model, mapping);
    yield* checkProgress(model, mapping, coverage);
    yield* checkGivenUp(model, mapping);
    yield* checkWindows(model, mapping, coverage);
  }
}

/** One of each stream: it is a value for each moment. */
function expiryOf(model: Model, known: Map<StreamModel, Expiry>): (stream: StreamModel) => Expiry {
  return (stream) => known.get(stream) ?? known.set(stream, new Expiry(model, stream)).get(stream)!;
}
