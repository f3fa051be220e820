import type { Caller } from '../../../access/caller.ts';
import type { RequestContext, ResourceFacts } from '../../../access/policy/access.ts';
import type { Permission, Prepared } from '../../../rpc/operation.ts';
import { conflict, lambdaError, notFound } from '../errors.ts';
import { mappingArn } from '../parts/function-arn.ts';
import type { LambdaState, MappingRecord } from '../state/lambda-state.ts';
import type { LambdaWorld } from '../world.ts';

import { isPassing } from './mapping-state.ts';

/** A call on a mapping, with what its permission depends on; who may not is not told whether it is there. */
export function onMapping<Answer>(
  world: LambdaWorld,
  uuid: string,
  caller: Caller,
  run: () => Promise<Answer>,
  functionArn?: string,
): Prepared<Promise<Answer>> {
  const mapping = findMapping(world.opened().journal.state, uuid, caller);
  const arn = functionArn ?? mapping?.functionArn;
  return {
    resource: mappingArn({ ...caller, uuid }),
    facts: mapping && factsOf(mapping),
    context: arn === undefined ? undefined : functionContext(arn),
    run,
  };
}

/**
 * The same for a call that shows records of the stream or has them processed: the caller needs a permission
 * for that as well. `others` are of a mapping that is there.
 */
export function onRecordsOf<Answer>(
  world: LambdaWorld,
  uuid: string,
  caller: Caller,
  action: string,
  others: (mapping: MappingRecord) => readonly Permission[],
  run: () => Promise<Answer>,
): Prepared<Promise<Answer>> {
  const prepared = onMapping(world, uuid, caller, run);
  const mapping = findMapping(world.opened().journal.state, uuid, caller);
  if (mapping === undefined) return prepared;
  return { ...prepared, permissions: [{ action, resource: prepared.resource }, ...others(mapping)] };
}

/** The condition key of mappings (service authorization reference, "AWS Lambda"). */
export function functionContext(functionArn: string): RequestContext {
  return new Map([['lambda:functionarn', [functionArn]]]);
}

function factsOf({ tags }: MappingRecord): ResourceFacts {
  return { policy: null, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
}

type Owner = Pick<Caller, 'account' | 'region'>;

function findMapping(state: LambdaState, uuid: string, owner: Owner): MappingRecord | undefined {
  const mapping = state.get('mapping', uuid);
  const isOwn = mapping?.account === owner.account && mapping.region === owner.region;
  return isOwn ? mapping : undefined;
}

/** All of an account in a region, in no order. */
export function mappingsOf(state: LambdaState, { account, region }: Owner): MappingRecord[] {
  return Array.from(state.entries('mapping'), ([, mapping]) => mapping).filter(
    (mapping) => mapping.account === account && mapping.region === region,
  );
}

/** ResourceNotFoundException in AWS's words when there is none. */
export function requireMapping(state: LambdaState, uuid: string, owner: Owner): MappingRecord {
  const mapping = findMapping(state, uuid, owner);
  if (mapping === undefined) throw notFound('The resource you requested does not exist.');
  return mapping;
}

/** A mapping that is to be changed or deleted: not while it changes already. The texts are AWS's. */
export function requireSettled(
  state: LambdaState,
  uuid: string,
  owner: Owner,
  to: 'update' | 'delete',
): MappingRecord {
  const mapping = requireMapping(state, uuid, owner);
  if (!isPassing(mapping)) return mapping;
  throw lambdaError('ResourceInUseException', `Cannot ${to} the event source mapping because it is in use.`);
}

/** One mapping of a source to a function, or to a version or alias of it. The text is AWS's. */
export function requireAlone(state: LambdaState, mapping: MappingRecord): void {
  for (const [, other] of state.entries('mapping')) {
    const isOther = other.uuid !== mapping.uuid && other.functionArn === mapping.functionArn;
    if (!isOther || other.source !== mapping.source) continue;
    const name = mapping.functionArn.split(':')[6];
    throw conflict(
      `The event source arn (" ${mapping.source} ") and function (" ${name} ") provided mapping already ` +
        `exists. Please update or delete the existing mapping with UUID ${other.uuid}`,
    );
  }
}
