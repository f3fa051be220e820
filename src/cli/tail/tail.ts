import type { DecodedRecord } from '../../views/view.ts';
import type { CommandWorld } from '../command-world.ts';
import { Source } from '../copy/source.ts';
import { readMerged } from '../read/merged-reading.ts';
import { decoderOf, openEnd, pauseAtTip, untilAborted, whereOf } from '../read/open-view.ts';
import { fromOf } from '../read/when.ts';
import { recordJson, recordLine } from './record-line.ts';
import type { TailRequest } from './tail-request.ts';

/** Shows records as they come, until the signal is aborted, there were enough, or nobody reads them. */
export function tail(request: TailRequest, world: CommandWorld): Promise<number> {
  return untilAborted(world, () => showRecords(request, world));
}

async function showRecords(request: TailRequest, world: CommandWorld): Promise<void> {
  const { out, clock, signal } = world;
  const where = whereOf(request.where);
  const decode = await decoderOf(request.decoding, world);
  const end = await openEnd(request.place, world);
  const { json = !out.isTerminal, shards, limit = Number.POSITIVE_INFINITY } = request;
  const show = json ? recordJson : (record: DecodedRecord) => recordLine(record, out.hasColours);
  const reading = {
    ...{ from: fromOf(request.from, clock.now()), end: undefined, follows: true, shards },
    pauseMs: pauseAtTip(end),
  };
  let shown = 0;
  for await (const records of readMerged(new Source(end, request.stream), reading, clock, signal)) {
    let text = '';
    for (const record of decode(records)) {
      if (!where.matches(record)) continue;
      text += show(record);
      if (++shown === limit) break;
      if (text.length < piece) continue;
      await out.write(text);
      text = '';
      if (signal.aborted || out.isClosed) return;
    }
    await out.write(text);
    if (shown === limit || out.isClosed) return;
  }
}

/** So many characters are written at once: an aggregate may hold a million records. */
const piece = 64 * 1024;
