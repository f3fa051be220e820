import type { Model } from '../model.ts';
import type { Coverage } from './coverage.ts';
import type { Invocation, MappingModel, WindowView } from './mapping-model.ts';

type Windowed = Invocation & { readonly window: WindowView };

/** A tumbling window's state is all that was done in it, each record once, over crashes and failures. */
export function* checkWindows(model: Model, mapping: MappingModel, coverage: Coverage): Generator<string> {
  const { functionName, first } = mapping;
  const windowed = mapping.invocations.filter((call): call is Windowed => call.window !== undefined);
  if (first.TumblingWindowInSeconds === 0 && windowed.length > 0)
    yield `window: ${functionName} has none, and is told of one`;
  for (const call of windowed) yield* checkOne(model, mapping, call);
  const byWindow = Map.groupBy(windowed, ({ shard, window }) => `${shard} ${window.start}`);
  for (const [name, calls] of byWindow) yield* checkState(functionName, name, calls, coverage);
}

function* checkOne(
  model: Model,
  { functionName, first }: MappingModel,
  { window, deliveries }: Windowed,
): Generator<string> {
  const { start, end, state } = window;
  if (end - start !== first.TumblingWindowInSeconds * 1000)
    yield `window: ${functionName} is told of one from ${start} to ${end}`;
  if (new Set(state).size !== state.length) yield `window: a state of ${functionName} has a record twice`;
  for (const { id, arrival } of deliveries) {
    // One that says an earlier time than the one before it is in the window of that one.
    const isEarly = arrival < start && !model.hasManyClocks;
    if (isEarly || arrival >= end)
      yield `window: ${functionName} gets ${id}, which arrived at ${arrival}, in that from ${start} to ${end}`;
    if (state.includes(id)) yield `window: ${functionName} gets ${id}, which is in the state already`;
  }
}

/**
 * A state is what an earlier call in the window had answered, or empty at its beginning; and the last call
 * has all in it that was done in the window by then and is in no other.
 */
function* checkState(
  functionName: string,
  name: string,
  calls: readonly Windowed[],
  coverage: Coverage,
): Generator<string> {
  const answered = new Set(['']);
  for (const { window, deliveries, answer } of calls) {
    if (!answered.has(window.state.join()))
      yield `window: ${functionName} is told a state in ${name} that it never answered`;
    if (window.isFinal) yield* checkSum(functionName, name, calls, { window, deliveries }, coverage);
    if (answer?.state !== undefined) answered.add(answer.state.join());
  }
}

/** Lanes have windows of their own: the sum is over the calls whose states led to this one. */
function* checkSum(
  functionName: string,
  name: string,
  calls: readonly Windowed[],
  { window, deliveries }: Pick<Windowed, 'window' | 'deliveries'>,
  coverage: Coverage,
): Generator<string> {
  const summed = new Set([...window.state, ...deliveries.map(({ id }) => id)]);
  for (const call of calls) {
    const ofThisLane = call.deliveries.some(({ id }) => summed.has(id));
    if (!ofThisLane) continue;
    for (const { id } of call.deliveries.slice(0, call.answer?.done ?? 0))
      if (!summed.has(id) && !coverage.isGivenUp(id))
        yield `window: the sum of ${functionName} in ${name} lacks ${id}`;
  }
}
