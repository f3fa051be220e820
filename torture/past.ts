import { Model, type Moment, type Setting, StreamModel } from '../harness/model.ts';

/**
 * What clients knew before a moment. Requests that were sent by then and answered later may have been carried
 * out or not; what was sent later never was.
 */
export function modelBefore(model: Model, moment: Moment): Model {
  const past = new Model((then) => (then <= moment ? model.wallAt(then) : Date.now()));
  const streams = new Map(model.streams.map((stream) => [stream, streamBefore(stream, moment)]));
  for (const [stream, then] of streams) {
    for (const { shard, after, pages } of [...stream.readers, ...(stream.last?.readers ?? [])]) {
      then.readers.push({
        stream: then,
        shard,
        after,
        pages: pages.filter(({ answered }) => answered < moment),
      });
    }
    if (then.created !== undefined) past.streams.push(then);
  }
  for (const attempt of model.attempts.values()) {
    const { id, outcome, stream } = attempt;
    const isKnown = outcome.kind !== 'acknowledged' || outcome.at < moment;
    past.attempts.set(id, {
      ...attempt,
      stream: streams.get(stream)!,
      outcome: isKnown ? outcome : { kind: 'unknown' },
    });
  }
  while (past.moment() < moment);
  return past;
}

function streamBefore(stream: StreamModel, moment: Moment): StreamModel {
  const then = new StreamModel(stream.name);
  if (stream.created !== undefined && stream.created < moment) then.created = stream.created;
  if (stream.doomed !== undefined && stream.doomed < moment) then.doomed = stream.doomed;
  then.listings.push(...stream.listings.filter(({ answered }) => answered < moment));
  then.statuses.push(...stream.statuses.filter(({ answered }) => answered < moment));
  for (const [name, setting] of stream.settings) then.settings.set(name, settingBefore(setting, moment));
  return then;
}

/** The time at which a write was answered was not noted: the last one may not have been answered by then. */
function settingBefore({ name, writes, reads }: Setting, moment: Moment): Setting {
  const sent = writes.filter((write) => write.sent < moment);
  return {
    name,
    writes: sent.map((write, index) =>
      index > 0 && index === sent.length - 1 && write.outcome === 'done'
        ? { ...write, outcome: 'unknown' }
        : { ...write },
    ),
    reads: reads.filter((read) => read.sent < moment),
  };
}
