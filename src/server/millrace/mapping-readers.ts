import type { Clock } from '../../env/clock.ts';
import { parseStreamOf } from '../../kinesis/arn.ts';
import { failuresOf, isPending } from '../../services/lambda/mappings/mapping-failures.ts';
import { type ShardSight, withElsewhere } from '../../services/lambda/mappings/mapping-sight.ts';
import { mappingsOf } from '../../services/lambda/mappings/mapping-target.ts';
import type { MappingRecord } from '../../services/lambda/state/lambda-state.ts';
import type { OpenedLambda } from '../../services/lambda/world.ts';
import { worstLag } from '../../services/millrace/parts/seen-reader.ts';
import type { Scope } from '../../services/millrace/sights-world.ts';
import type { FoundReader } from './kcl-readers.ts';

type Mappings = Pick<OpenedLambda, 'sight' | 'sightsElsewhere'> & {
  readonly journal: Pick<OpenedLambda['journal'], 'state'>;
};

/** The mappings of an account and region, as they run here and at other gateways. */
export async function mappingReaders(
  { journal, sight, sightsElsewhere }: Mappings,
  scope: Scope,
  clock: Pick<Clock, 'turn'>,
): Promise<FoundReader[]> {
  const mappings = mappingsOf(journal.state, scope);
  if (mappings.length === 0) return [];
  const elsewhere = await sightsElsewhere(mappings.map(({ uuid }) => uuid));
  const found: FoundReader[] = [];
  for (const mapping of mappings) {
    const { uuid, source } = mapping;
    const shards = withElsewhere(sight.shardsOf(uuid), elsewhere.get(uuid) ?? []);
    const failures = failuresOf(journal.state, uuid).filter(isPending).length;
    const problem = sight.problemOf(uuid) ?? troubleOf(shards);
    found.push({ stream: parseStreamOf(source)?.name, reader: readerOf(mapping, shards, failures, problem) });
    if (found.length % mappingsPerStep === 0) await clock.turn();
  }
  return found;
}

const mappingsPerStep = 50;

function readerOf(
  { uuid, functionArn, state, reason }: MappingRecord,
  sights: readonly ShardSight[],
  failures: number,
  problem: string | undefined,
): FoundReader['reader'] {
  const shards = sights.map(({ shardId, lag, behindRecords }) => ({
    shardId,
    lagMs: Math.round(lag),
    recordsBehind: behindRecords,
  }));
  return {
    ...{ kind: 'mapping', name: nameIn(functionArn), id: uuid, state, failures, to: functionArn, shards },
    reason: problem ?? (reason === '' || state === 'Enabled' ? undefined : reason),
    lagMs: worstLag(shards),
  };
}

/** What a function answered last, where that was no success. */
function troubleOf(shards: readonly ShardSight[]): string | undefined {
  return shards.map(({ lastResult }) => lastResult).find((result) => result.startsWith('PROBLEM'));
}

/** The function's name, and its version or alias where one is named. */
function nameIn(functionArn: string): string {
  return functionArn.split(':').slice(6).join(':');
}
