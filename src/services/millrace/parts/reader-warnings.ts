import { streamsOf } from '../../../catalog/state.ts';
import type { Stream } from '../../../kinesis/stream.ts';
import type { SightsWorld } from '../sights-world.ts';
import type { MillraceWorld } from '../world.ts';
import { furthestBehind, type SeenReader, timeToLoss } from './seen-reader.ts';
import { readersOf } from './stream-readers.ts';
import { type Looker, sightOf } from './visible-streams.ts';

/**
 * A sentence for each stream, of those a caller may see, whose last reader is about to lose records unread.
 */
export async function readerWarnings(
  world: Pick<MillraceWorld, 'catalog' | 'clock' | 'factsOfStream'>,
  { authorizer, counted: counts, readers }: Pick<SightsWorld, 'authorizer' | 'counted' | 'readers'>,
  looker: Looker,
): Promise<string[]> {
  const counted = await counts.current();
  const found = await readers.found(looker.caller, 'glance');
  const maySee = sightOf(authorizer, world, looker);
  const warnings: string[] = [];
  for (const [nth, stream] of streamsOf(world.catalog.state, looker.caller).entries()) {
    if ((nth + 1) % streamsPerStep === 0) await world.clock.turn();
    const last = furthestBehind(readersOf(stream, counted, found));
    const warning = last && warningOf(stream, last);
    if (warning === undefined || !maySee(stream)) continue;
    warnings.push(warning);
    if (warnings.length === warningsMax) break;
  }
  return warnings;
}

function warningOf(stream: Stream, { kind, name, lagMs = 0 }: SeenReader): string | undefined {
  const retentionMs = stream.retentionHours * 3_600_000;
  if (lagMs < retentionMs * nearLoss) return undefined;
  const left = timeToLoss(stream.retentionHours, lagMs);
  const reader = `The ${kind} reader ${name} of the stream ${stream.name}`;
  const behind = `is ${durationOf(lagMs)} behind, of ${stream.retentionHours} h that records are kept`;
  if (left === 0) return `${reader} ${behind}: it loses records unread.`;
  return `${reader} ${behind}: in ${durationOf(left)} it loses records unread.`;
}

/** In hours, or in minutes where that says more. */
function durationOf(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** Of the retention, how much lag is a reason to worry. */
const nearLoss = 0.75;
const warningsMax = 20;
const streamsPerStep = 100;
