import type { Answer } from '../answer.ts';
import { repeat } from '../workload.ts';
import type { DeliveryModel, DeliveryPut } from './delivery-model.ts';
import { complainOfDelivery, type DeliveryWork, isTrouble } from './delivery-work.ts';

/** A client that puts records for deliveries that are there, one by one and some at once. */
export function runDeliveryWriter(work: DeliveryWork): Promise<void> {
  return repeat(work, 60, async () => {
    const ready = work.deliveries.deliveries.filter(({ kind, isUsable }) => kind !== 'stream' && isUsable);
    if (ready.length > 0) await putSome(work, work.random.pick(ready), work.random.between(1, 8));
  });
}

/** Answers whether all were acknowledged. */
export async function putSome(work: DeliveryWork, delivery: DeliveryModel, count: number): Promise<boolean> {
  const { random, deliveries } = work;
  const size = random.pick([10, 10, 10, 500, 3_000]);
  const puts = Array.from({ length: count }, () =>
    deliveries.put(delivery, random.pick(groups), !random.chance(0.1), size),
  );
  if (delivery.kind === 'channel') await putToStream(work, delivery, puts);
  else await putDirectly(work, delivery, puts);
  return puts.every(({ outcome }) => outcome === 'acknowledged');
}

const groups = ['north', 'south', 'west'];

type Entry = { readonly ErrorCode?: string; readonly ErrorMessage?: string };

async function putDirectly(
  work: DeliveryWork,
  { name }: DeliveryModel,
  puts: readonly DeliveryPut[],
): Promise<void> {
  const Records = puts.map(({ data }) => ({ Data: Buffer.from(data).toString('base64') }));
  const { firehose } = work;
  const input = { DeliveryStreamName: name, Records };
  const answer = await firehose.call<{ RequestResponses: Entry[] }>('PutRecordBatch', input);
  note(work, puts, answer, answer.kind === 'output' ? answer.output.RequestResponses : []);
  complainOfDelivery(work, firehose, answer, ['ResourceNotFoundException']);
}

async function putToStream(
  work: DeliveryWork,
  { stream }: DeliveryModel,
  puts: readonly DeliveryPut[],
): Promise<void> {
  const { client, random } = work;
  const key = () => random.bytes(4).toString('hex');
  const Records = puts.map(({ data }) => ({
    Data: Buffer.from(data).toString('base64'),
    PartitionKey: key(),
  }));
  const input = { StreamName: stream!.name, Records };
  const answer = await client.call<{ Records: Entry[] }>('PutRecords', input);
  note(work, puts, answer, answer.kind === 'output' ? answer.output.Records : []);
  const limits = ['ProvisionedThroughputExceededException', 'ResourceNotFoundException'];
  complainOfDelivery(work, client, answer, limits);
}

/** What of each became certain. */
function note(
  { model, world }: DeliveryWork,
  puts: readonly DeliveryPut[],
  answer: Answer<unknown>,
  entries: readonly Entry[],
): void {
  for (const [index, put] of puts.entries()) {
    const code = answer.kind === 'error' ? answer.type : entries[index]?.ErrorCode;
    if (answer.kind === 'silence') continue;
    if (code === undefined) {
      put.outcome = 'acknowledged';
      put.at = model.moment();
    } else if (!(isTrouble(code) && world.leavesOpen)) put.outcome = 'refused';
  }
}
