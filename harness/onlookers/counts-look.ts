import type { StreamModel } from '../model.ts';
import { complain } from '../workload.ts';
import type { OnlookerWork } from './onlooker.ts';

type StreamSight = {
  readonly CountedSince: number;
  readonly Stream: { readonly Counts: { readonly RecordsIn: number; readonly BytesIn: number } };
};

/** Notes what was counted of a stream. Answers whether it was told. */
export async function lookAtCounts(work: OnlookerWork, stream: StreamModel): Promise<boolean> {
  const { world, model, client } = work;
  const asOf = model.moment();
  await world.patience(keptMs);
  const answer = await client.call<StreamSight>('GetStreamSight', { StreamName: stream.name });
  complain(work, answer);
  if (answer.kind !== 'output' || stream.doomed !== undefined) return false;
  const { CountedSince: since, Stream } = answer.output;
  const { RecordsIn: records, BytesIn: bytes } = Stream.Counts;
  stream.looks.push({ asOf, answered: model.moment(), since, records, bytes });
  return true;
}

/** Those who look within 200 ms of each other are told the same. */
const keptMs = 250;
