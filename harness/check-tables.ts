import { explain, type Specification, UndecidedError } from './linearizability.ts';
import type {
  Addition,
  CounterView,
  Lease,
  LeaseAction,
  LeaseCall,
  LeaseResult,
  TablesModel,
} from './tables-model.ts';

/** Every promise about tables that was broken, as a sentence each. */
export function* checkTables(model: TablesModel): Generator<string> {
  for (const [name, calls] of model.leases) {
    yield* checkWinners(name, calls);
    yield* checkOrder(name, calls);
  }
  if (model.counters !== undefined) yield* checkCounters(model.additions, model.counters);
}

/** Of all that ask for the same counter, one has it: no lease has a counter twice. */
function* checkWinners(name: string, calls: readonly LeaseCall[]): Generator<string> {
  const winners = new Map<number, string>();
  for (const { action, answered } of calls) {
    if (answered?.result.kind !== 'done' || (action.kind !== 'take' && action.kind !== 'renew')) continue;
    const winner = winners.get(action.counter);
    if (winner !== undefined)
      yield `won twice: ${name} at ${action.counter} was given to ${winner} and to ${action.worker}`;
    winners.set(action.counter, action.worker);
  }
}

/** All that was answered is explained by one order of single steps. */
function* checkOrder(name: string, calls: readonly LeaseCall[]): Generator<string> {
  const stuck = whereStuck(calls);
  if (stuck === undefined) return;
  if (stuck instanceof UndecidedError) return yield `undecided: the calls for ${name}: ${stuck.message}`;
  const { explained, state, call } = stuck;
  yield `not in any order: after ${explained} of ${calls.length} calls ${name} is ${text(state.lease)}, and then ${described(call)}`;
}

function whereStuck(calls: readonly LeaseCall[]) {
  try {
    return explain(calls, leases);
  } catch (error) {
    if (error instanceof UndecidedError) return error;
    throw error;
  }
}

function described({ action, answered }: LeaseCall): string {
  const { kind, seen } = answered!.result;
  const shown = seen === undefined ? '' : `, which showed ${text(seen.lease)}`;
  return `${JSON.stringify(action)} was ${kind}${shown}`;
}

function text(lease: Lease | undefined): string {
  return lease === undefined ? 'not there' : `${lease.owner}, ${lease.counter}, ${lease.checkpoint}`;
}

/** In which a lease may not be there, which is a state like any other. */
type Place = { readonly lease: Lease | undefined };

/** What the writes of the workload do to a lease. */
const leases: Specification<Place, LeaseAction, LeaseResult> = {
  initial: { lease: undefined },
  textOf: ({ lease }) => text(lease),
  after(place, action, result) {
    const isMet = meets(place.lease, action);
    if (result?.kind === 'refused') return isMet || !shows(result, place.lease) ? undefined : place;
    // Without an answer it may have been refused as well, which changes nothing: then it needs no place.
    if (!isMet) return undefined;
    const next = changed(place.lease, action);
    return result === undefined || shows(result, next) ? { lease: next } : undefined;
  },
};

function meets(lease: Lease | undefined, action: LeaseAction): boolean {
  switch (action.kind) {
    case 'create':
      return lease === undefined;
    case 'take':
    case 'delete':
      return lease?.counter === action.counter;
    case 'renew':
    case 'checkpoint':
      return lease?.counter === action.counter && lease.owner === action.worker;
    case 'read':
      return true;
  }
}

function changed(lease: Lease | undefined, action: LeaseAction): Lease | undefined {
  switch (action.kind) {
    case 'create':
      return action.lease;
    case 'take':
      return { ...lease!, owner: action.worker, counter: action.counter + 1 };
    case 'renew':
      return { ...lease!, counter: action.counter + 1 };
    case 'checkpoint':
      return { ...lease!, checkpoint: action.to };
    case 'delete':
      return undefined;
    case 'read':
      return lease;
  }
}

function shows({ seen }: LeaseResult, lease: Lease | undefined): boolean {
  return seen === undefined || text(seen.lease) === text(lease);
}

/** Each addition is in all of its counters or in none, once, and in those that acknowledged it. */
function* checkCounters(
  additions: readonly Addition[],
  counters: ReadonlyMap<string, CounterView>,
): Generator<string> {
  const applied = new Map([...counters].map(([name, { ids }]) => [name, new Set(ids)] as const));
  const totals = new Map<string, number>();
  for (const { id, amounts, outcome } of additions) {
    const names = Object.keys(amounts);
    const present = names.filter((name) => applied.get(name)?.has(id) === true);
    for (const name of present) totals.set(name, (totals.get(name) ?? 0) + amounts[name]!);
    if (present.length > 0 && present.length < names.length)
      yield `half done: ${id} is in ${present.join(', ')} and not in all of ${names.join(', ')}`;
    else if (outcome === 'done' && present.length === 0)
      yield `lost: ${id} was acknowledged by ${names.join(', ')}`;
    else if (outcome === 'refused' && present.length > 0)
      yield `aborted: ${id} was refused, and is in ${present.join(', ')}`;
  }
  yield* checkTotals(counters, totals, new Set(additions.map(({ id }) => id)));
}

function* checkTotals(
  counters: ReadonlyMap<string, CounterView>,
  totals: ReadonlyMap<string, number>,
  known: ReadonlySet<string>,
): Generator<string> {
  for (const [name, { total, ids }] of counters) {
    const sum = totals.get(name) ?? 0;
    if (total !== sum) yield `applied twice, or lost: ${name} is ${total}, and what is in it makes ${sum}`;
    const phantom = ids.find((id) => !known.has(id));
    if (phantom !== undefined) yield `phantom: ${name} holds ${phantom}, which no client sent`;
  }
}
