import type { ResourceFacts } from '../../access/policy/access.ts';
import { lateService } from '../../rpc/late-service.ts';
import type { Service } from '../../rpc/service.ts';
import { checksummed } from '../../wire/checksummed.ts';
import { json10Of } from '../../wire/json/json.ts';
import { json10Protocol } from '../../wire/json/json10-protocol.ts';
import { payloadErrors } from '../../wire/payload-errors.ts';
import type { ReadRules } from '../../wire/reader.ts';
import { tableOfArn } from './parts/table-arn.ts';
import { factsOfTable } from './parts/table-facts.ts';
import type { DynamodbWorld } from './world.ts';

const namespace = 'com.amazonaws.dynamodb.v20120810';

/**
 * An attribute's 32 levels are two each on the wire, and a request has a few around them; deeper ones get as
 * far as to be told so. The largest item has 200,000 values, of two bytes each, which are two each on the
 * wire; a whole batch of such items is more than a request may have.
 */
const itemRules: ReadRules = {
  depthMax: 128,
  valuesMax: 500_000,
  typeErrors: payloadErrors(namespace),
};

export const protocols = [
  checksummed(json10Protocol('DynamoDB_20120810', namespace, json10Of(itemRules))),
] as const;

/** A subset of DynamoDB: tables and items, for leases, checkpoints and other small tables. */
export function dynamodb(world: DynamodbWorld): Service<DynamodbWorld> {
  return lateService({ name: 'dynamodb', scopes: ['dynamodb'], protocols, factsOf, world }, async () => {
    const { operations } = await import('./operations.ts');
    const { unserved } = await import('./unserved.ts');
    await world.tables?.open();
    return { operations, unserved };
  });
}

/** Of the table that an ARN names, its own or that of an index. */
function factsOf(world: DynamodbWorld, resource: string): ResourceFacts | undefined {
  const name = tableOfArn(resource);
  return name && factsOfTable(world, name);
}
