import type { Answer } from './answer.ts';
import {
  areMade,
  checkpointOf,
  complainOfTable,
  leaseIn,
  leaseNames,
  leaseTable,
  makeTables,
  type WireItem,
} from './tables.ts';
import type { Lease, LeaseAction, LeaseResult } from './tables-model.ts';
import { repeat, type Work } from './workload.ts';

/**
 * A worker of a fleet as KCL has them: it makes leases, takes those of others, renews and checkpoints its
 * own, all on conditions, in the legacy form of requests and in expressions.
 */
export function runLeaseWorker(work: Work): Promise<void> {
  const known = new Map<string, Lease | undefined>();
  return repeat(work, 80, async () => {
    if (!areMade(work.tables)) return await makeTables(work);
    const name = work.random.pick(leaseNames);
    const action = drawAction(work, known.get(name));
    const seen = await act(work, name, action);
    if (seen !== undefined) known.set(name, seen.lease);
  });
}

/** Mostly what the worker last saw of the lease is true still. */
function drawAction(work: Work, lease: Lease | undefined): LeaseAction {
  const { random, client } = work;
  const worker = client.name;
  if (random.chance(0.15)) return { kind: 'read' };
  if (lease === undefined) return creation(work);
  const { counter, owner } = lease;
  if (random.chance(0.04)) return { kind: 'delete', counter };
  if (owner !== worker) return random.chance(0.7) ? { kind: 'take', worker, counter } : { kind: 'read' };
  return random.chance(0.6)
    ? { kind: 'renew', worker, counter }
    : { kind: 'checkpoint', worker, counter, to: work.tables.id() };
}

/** Counters begin where no other creation began, so that none comes twice. */
function creation({ tables, client }: Work): LeaseAction {
  const checkpoint = tables.id();
  const counter = 1_000 * Number(checkpoint.slice(1));
  return { kind: 'create', lease: { owner: client.name, counter, checkpoint } };
}

/** Carries an action out and notes what came of it. Answers what is certain of the lease afterwards. */
export async function act(
  work: Work,
  name: string,
  action: LeaseAction,
): Promise<{ readonly lease: Lease | undefined } | undefined> {
  const sent = work.tables.moment();
  const request = requestOf(work, name, action);
  const answer = await work.client.call<Shown>(request.operation, request.input);
  if (answer.kind === 'silence') {
    // A read that nobody answered says nothing.
    if (action.kind !== 'read') work.tables.note(name, { action, sent, answered: undefined });
    return undefined;
  }
  complainOfTable(work, answer, ['ConditionalCheckFailedException']);
  const result = resultOf(work, action, answer);
  // What ended in another error was not done.
  if (result === undefined) return undefined;
  work.tables.note(name, { action, sent, answered: { at: work.tables.moment(), result } });
  return result.seen ?? (result.kind === 'done' ? knownAfter(action) : undefined);
}

type Shown = { readonly Item?: WireItem; readonly Attributes?: WireItem };

function resultOf(work: Work, action: LeaseAction, answer: Answer<Shown>): LeaseResult | undefined {
  if (answer.kind === 'output') {
    const { Item, Attributes } = answer.output;
    if (action.kind === 'read') return { kind: 'done', seen: { lease: leaseIn(work, Item) } };
    return Attributes === undefined
      ? { kind: 'done' }
      : { kind: 'done', seen: { lease: leaseIn(work, Attributes) } };
  }
  const isRefused = answer.kind === 'error' && answer.type === 'ConditionalCheckFailedException';
  return isRefused ? { kind: 'refused' } : undefined;
}

function knownAfter(action: LeaseAction): { readonly lease: Lease | undefined } | undefined {
  if (action.kind === 'create') return { lease: action.lease };
  return action.kind === 'delete' ? { lease: undefined } : undefined;
}

type Request = { readonly operation: string; readonly input: object };

function requestOf(work: Work, name: string, action: LeaseAction): Request {
  const place = { TableName: leaseTable, Key: { leaseKey: { S: name } } };
  switch (action.kind) {
    case 'read':
      return { operation: 'GetItem', input: { ...place, ConsistentRead: true } };
    case 'create':
      return { operation: 'PutItem', input: creationInput(work, name, action.lease) };
    case 'delete': {
      const Expected = { leaseCounter: { Value: { N: String(action.counter) } } };
      return { operation: 'DeleteItem', input: { ...place, Expected } };
    }
    default:
      return {
        operation: 'UpdateItem',
        input: { ...place, ...updateInput(work, action), ReturnValues: 'ALL_NEW' },
      };
  }
}

function creationInput(work: Work, name: string, { owner, counter, checkpoint }: Lease): object {
  const Item = {
    leaseKey: { S: name },
    leaseOwner: { S: owner },
    leaseCounter: { N: String(counter) },
    checkpoint: { S: checkpointOf(checkpoint, drawSize(work)) },
  };
  const condition = work.random.chance(0.5)
    ? { Expected: { leaseKey: { Exists: false } } }
    : { ConditionExpression: 'attribute_not_exists(leaseKey)' };
  return { TableName: leaseTable, Item, ...condition };
}

type Update = Extract<LeaseAction, { readonly kind: 'take' | 'renew' | 'checkpoint' }>;

function updateInput(work: Work, action: Update): object {
  const { kind, worker, counter } = action;
  const held = { N: String(counter) };
  const next = { N: String(counter + 1) };
  const changes =
    kind === 'checkpoint'
      ? { checkpoint: { S: checkpointOf(action.to, drawSize(work)) } }
      : { leaseCounter: next, ...(kind === 'take' && { leaseOwner: { S: worker } }) };
  const owner = kind === 'take' ? {} : { leaseOwner: { S: worker } };
  return work.random.chance(0.5)
    ? legacyUpdate({ leaseCounter: held, ...owner }, changes)
    : expressionUpdate({ leaseCounter: held, ...owner }, changes);
}

type Attributes = Readonly<Record<string, object>>;

function legacyUpdate(expected: Attributes, changes: Attributes): object {
  const each = <T>(attributes: Attributes, of: (value: object) => T) =>
    Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, of(value)]));
  return {
    Expected: each(expected, (Value) => ({ Value })),
    AttributeUpdates: each(changes, (Value) => ({ Value, Action: 'PUT' })),
  };
}

function expressionUpdate(expected: Attributes, changes: Attributes): object {
  const values = (attributes: Attributes, sign: string) =>
    Object.entries(attributes).map(([name, value]) => [`:${sign}${name}`, value] as const);
  return {
    ConditionExpression: Object.keys(expected)
      .map((name) => `${name} = :x${name}`)
      .join(' AND '),
    UpdateExpression: `SET ${Object.keys(changes)
      .map((name) => `${name} = :n${name}`)
      .join(', ')}`,
    ExpressionAttributeValues: Object.fromEntries([...values(expected, 'x'), ...values(changes, 'n')]),
  };
}

/** Most leases are small; some are larger than what a segment of a small log holds. */
function drawSize({ random }: Work): number {
  return random.between(8, random.pick([40, 40, 40, 400, 3_000]));
}
