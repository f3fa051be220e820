import { StartError } from '../../env/start-error.ts';
import { boundPatterns } from '../../views/bounded-patterns.ts';
import { openDecoder, type RecordDecoder } from '../../views/decode/decode-records.ts';
import type { Where } from '../../views/view.ts';
import { ViewError } from '../../views/view-error.ts';
import { compileWhere } from '../../views/where/compile-where.ts';
import { type PlaceOptions, placeAt } from '../aws-place.ts';
import { type CommandWorld, exitCodeAfter } from '../command-world.ts';
import { KinesisEnd } from '../copy/kinesis-end.ts';
import type { AskedDecoding } from './view-options.ts';

/** A server that speaks Kinesis, to be called. Rejects with `StartError` where there are no credentials. */
export async function openEnd(place: PlaceOptions, world: CommandWorld): Promise<KinesisEnd> {
  return new KinesisEnd(await placeAt(place, world), { ...world, patienceMs });
}

/** How long a call is tried that is throttled, or fails for a moment. */
const patienceMs = 30_000;

/** AWS counts five reads a second of a shard, for all who read it; elsewhere there is no need to spare. */
export function pauseAtTip(end: KinesisEnd): number {
  return /\.amazonaws\.com(\.cn)?$/.test(end.endpoint) ? 1000 : 250;
}

/** Rejects with `StartError` where the schema cannot be read, or is none. */
export async function decoderOf(
  { decoder, schemaPath }: AskedDecoding,
  world: CommandWorld,
  deaggregate = true,
): Promise<RecordDecoder> {
  const schema = schemaPath === undefined ? {} : { schema: await schemaIn(schemaPath, world) };
  return said('schema', () => openDecoder({ decoder, deaggregate, ...schema }));
}

async function schemaIn(path: string, { surroundings }: CommandWorld): Promise<string> {
  try {
    return await surroundings.readFile(path);
  } catch (error) {
    throw new StartError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Throws `StartError` where it is no expression. */
export function whereOf(text: string | undefined): Where {
  boundPatterns();
  return text === undefined ? { matches: () => true } : said('where', () => compileWhere(text));
}

/**
 * Carries a command out that ends when it is told to. What it was cut off from by that is no failure. Answers
 * the exit code.
 */
export async function untilAborted({ signal }: CommandWorld, run: () => Promise<void>): Promise<number> {
  try {
    await run();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return exitCodeAfter(signal);
}

/** What makes no sense is told with the flag, and with where it is wrong. */
export function said<Made>(flag: string, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    throw error instanceof ViewError ? viewFailure(`--${flag}`, error) : error;
  }
}

export function viewFailure(what: string, { message, position }: ViewError): StartError {
  const place = position === undefined ? '' : `, at character ${position + 1}`;
  return new StartError(`${what}${place}: ${message}`);
}
