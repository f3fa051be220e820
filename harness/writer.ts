import { type HashKey, hashKeyMax } from '../src/kinesis/hash-key.ts';
import { type KeyCertainty, keyCertainty, keyTroubles, stillCertain } from './keys.ts';
import type { Attempt, StreamModel } from './model.ts';
import { expect, expectKnown, isActive, isRefusal, repeat, usable, type Work } from './workload.ts';

type Placed = { readonly ShardId: string; readonly SequenceNumber: string };
type EntryAnswer = Partial<Placed> & { readonly ErrorCode?: string; readonly ErrorMessage?: string };
type Entry = { readonly Data: string; readonly PartitionKey: string; readonly ExplicitHashKey?: string };

/** A client that puts records, one by one and many at once. */
export function runWriter(work: Work): Promise<void> {
  return repeat(work, 40, async () => {
    const streams = usable(work);
    if (streams.length === 0) return work.world.scheduler.sleep(20);
    const stream = work.random.pick(streams);
    if (work.random.chance(0.5)) await putRecord(work, stream);
    else await putRecords(work, stream, work.random.between(1, 12));
  });
}

/** Puts one record and notes what came of it. Answers whether it was acknowledged. */
export async function putRecord(work: Work, stream: StreamModel, hashKey?: HashKey): Promise<boolean> {
  const { attempt, entry } = newRecord(work, stream, hashKey);
  const wasActive = isActive(stream);
  const certain = keyCertainty(work.model, stream);
  const answer = await work.client.call<Placed>('PutRecord', { StreamName: stream.name, ...entry });
  if (answer.kind === 'output') acknowledge(work, attempt, answer.output, certain);
  if (answer.kind === 'error') {
    expect(work, answer.type, answer.message, keyTroubles(work.model, stream, attempt.sent));
    expectKnown(work, stream, wasActive, answer.type);
    attempt.outcome = { kind: 'refused' };
  }
  return answer.kind === 'output';
}

async function putRecords(work: Work, stream: StreamModel, count: number): Promise<void> {
  const records = Array.from({ length: count }, () => newRecord(work, stream));
  const input = { StreamName: stream.name, Records: records.map(({ entry }) => entry) };
  const wasActive = isActive(stream);
  const certain = keyCertainty(work.model, stream);
  const answer = await work.client.call<{ Records: EntryAnswer[] }>('PutRecords', input);
  if (answer.kind === 'silence') return;
  const troubles = keyTroubles(work.model, stream, records[0]!.attempt.sent);
  if (answer.kind === 'error') {
    expect(work, answer.type, answer.message, troubles);
    expectKnown(work, stream, wasActive, answer.type);
  }
  records.forEach(({ attempt }, index) => {
    const result: EntryAnswer =
      answer.kind === 'output' ? answer.output.Records[index]! : { ErrorCode: answer.type };
    if (result.ErrorCode !== undefined) {
      // A stream that goes away in the middle of a request takes some of its records and fails the others.
      const also = stream.doomed === undefined ? troubles : [...troubles, 'InternalFailure'];
      expect(work, result.ErrorCode, result.ErrorMessage ?? '', also);
      if (isRefusal(work, result.ErrorCode)) attempt.outcome = { kind: 'refused' };
    } else acknowledge(work, attempt, result as Placed, certain);
  });
}

function newRecord(work: Work, stream: StreamModel, given?: HashKey): { attempt: Attempt; entry: Entry } {
  const { model, random } = work;
  const drawn = random.chance(0.2) ? BigInt(`0x${random.bytes(16).toString('hex')}`) : undefined;
  const hashKey = given ?? (random.chance(0.02) ? random.pick([0n, hashKeyMax]) : drawn);
  const size = random.between(10, random.pick(sizesMax));
  const attempt = model.attempt(stream, `key-${random.below(40)}`, hashKey, size);
  const entry = { Data: Buffer.from(attempt.data).toString('base64'), PartitionKey: attempt.partitionKey };
  return { attempt, entry: hashKey === undefined ? entry : { ...entry, ExplicitHashKey: String(hashKey) } };
}

/** `before`: what was certain of keys when it was sent. */
function acknowledge(
  { model, world }: Work,
  attempt: Attempt,
  { ShardId, SequenceNumber }: Placed,
  before: KeyCertainty | undefined,
): void {
  const number = BigInt(SequenceNumber);
  const certain = stillCertain(model, attempt.stream, before);
  if (certain?.isUsed) attempt.isUnderOwnKey = true;
  if (certain?.isUsed && certain.isDisabled)
    world.violate(`key: ${attempt.stream.name} takes ${attempt.id} while its key is disabled`);
  attempt.outcome = { kind: 'acknowledged', at: model.moment(), shard: ShardId, number };
}

/** Most records are small, some span sectors of the disk, a few span reads of the log. */
const sizesMax = [100, 100, 100, 300, 300, 300, 300, 300, 2_000, 2_000, 2_000, 20_000];
