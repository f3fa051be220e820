import type { Model, Moment, StreamModel } from './model.ts';

/** An acknowledged record lies within its shard: its hash key, its number, and the shard's time. */
export function* checkPlaces(model: Model, stream: StreamModel): Generator<string> {
  const shards = stream.last?.listing.shards ?? [];
  const endings = knownEndings(model, stream);
  for (const { id, hashKey, sent, outcome, stream: home } of model.attempts.values()) {
    if (outcome.kind !== 'acknowledged' || home !== stream) continue;
    const shard = shards.find((candidate) => candidate.id === outcome.shard);
    if (shard === undefined) continue;
    if (hashKey < shard.first || hashKey > shard.last)
      yield `misplaced: ${id} does not belong to ${shard.id}`;
    const isAfterEnd = shard.ending !== undefined && outcome.number >= shard.ending;
    if (outcome.number <= shard.starting || isAfterEnd) yield `misplaced: ${id} lies outside of ${shard.id}`;
    if (sent > (endings.get(shard.id) ?? sent))
      yield `late: ${id} was sent when ${shard.id} was known to be closed`;
  }
}

/** When clients first knew that a shard was closed: from a listing, or because a child took a record. */
function knownEndings(model: Model, stream: StreamModel): Map<string, Moment> {
  const endings = new Map<string, Moment>();
  const note = (shard: string, moment: Moment) =>
    void endings.set(shard, Math.min(moment, endings.get(shard) ?? moment));
  for (const { answered, shards } of stream.listings) {
    for (const { id, ending } of shards) if (ending !== undefined) note(id, answered);
  }
  const parents = new Map(stream.last?.listing.shards.map((shard) => [shard.id, shard.parents]));
  for (const { outcome, stream: home } of model.attempts.values()) {
    if (outcome.kind !== 'acknowledged' || home !== stream) continue;
    for (const parent of parents.get(outcome.shard) ?? []) note(parent, outcome.at);
  }
  return endings;
}
