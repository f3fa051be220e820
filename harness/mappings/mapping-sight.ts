import { sightPath } from './lambda-client.ts';
import { complainOfLambda, type MappingWork } from './mapping-work.ts';

/** What the server says of its mappings, as far as it is looked at here. */
type Sight = {
  readonly Mappings: readonly {
    readonly UUID: string;
    readonly Shards: readonly { readonly ShardId: string; readonly DoneRecords: number }[];
  }[];
};

/** Notes how far each mapping certainly came: what is done by then is never run again. */
export async function lookAround(work: MappingWork): Promise<void> {
  const answer = await work.lambda.ask<Sight>('GET', sightPath);
  complainOfLambda(work, answer);
  if (answer.kind !== 'output') return;
  const answered = work.model.moment();
  for (const { UUID, Shards } of answer.output.Mappings) {
    const mapping = work.mappings.mappings.find(({ uuid }) => uuid === UUID);
    if (mapping === undefined || mapping.stream.doomed !== undefined) continue;
    for (const { ShardId: shard, DoneRecords: done } of Shards)
      mapping.checkpoints.push({ answered, shard, done });
  }
}
