import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ZipFile } from 'yazl';
import { silentLogger } from '../../../../src/env/logger.ts';
import { nodeClock } from '../../../../src/env/node-clock.ts';
import { nodeRandom } from '../../../../src/env/node-random.ts';
import type { Processes } from '../../../../src/env/processes.ts';
import { createHttpClient } from '../../../../src/http/client.ts';
import { nodeNetwork } from '../../../../src/http/listener.ts';
import { openMemoryLog } from '../../../../src/log/memory/memory-log.ts';
import { AttachedFunctions } from '../../../../src/services/lambda/functions/attached-functions.ts';
import type { Functions, InvokeOutcome } from '../../../../src/services/lambda/functions/functions.ts';
import type { FunctionsWorld } from '../../../../src/services/lambda/functions/functions-world.ts';
import { openFunctions } from '../../../../src/services/lambda/functions/open-functions.ts';
import type {
  AliasRecord,
  FunctionRecord,
  FunctionSettings,
  LambdaEdit,
  LambdaJournal,
} from '../../../../src/services/lambda/state/lambda-state.ts';
import { openLambdaJournal } from '../../../../src/services/lambda/state/open-lambda-journal.ts';
import { functionOf } from '../state/lambda-records.ts';

export const account = '000000000000';
export const region = 'eu-central-1';
export const keyOf = (name: string) => `${account}/${region}/${name}`;

export type Rig = {
  readonly functions: Functions & AsyncDisposable;
  readonly journal: LambdaJournal;
  readonly attached: AttachedFunctions;
  /** Zips by their hash. */
  readonly zips: Map<string, Buffer>;
  /** What was counted: `name took failed throttled`. */
  readonly counted: string[];
  say(record: FunctionRecord): Promise<void>;
};

export type RigOptions = Partial<Omit<FunctionsWorld, 'processes'>> & { readonly processes?: Processes };

/** Functions over a journal in memory, on this machine's clock and network unless it is told otherwise. */
export async function openRig({ processes, ...more }: RigOptions = {}): Promise<Rig> {
  const clock = more.clock ?? nodeClock;
  const journal = await openLambdaJournal(openMemoryLog(clock));
  const attached = new AttachedFunctions();
  const zips = new Map<string, Buffer>();
  const counted: string[] = [];
  const functions = openFunctions({
    clock,
    random: nodeRandom(),
    logger: silentLogger,
    network: nodeNetwork(nodeClock, silentLogger),
    client: createHttpClient({ timeoutMs: 60_000, bodyBytesMax: 8 * 1024 * 1024 }),
    processes: async () => processes!,
    logs: undefined,
    journal,
    code: { get: async (sha256) => zips.get(sha256)! },
    credentials: { issue: () => ({ environment: {}, expiresAt: undefined, authority: undefined }) },
    attached,
    kinds: 'on',
    metrics: {
      invoked: (name, { failed, throttled }) => {
        counted.push(`${name}${failed ? ' failed' : ''}${throttled ? ' throttled' : ''}`);
      },
    },
    instancesMax: 10,
    ...more,
  });
  const say = async (record: FunctionRecord) => {
    await commit(journal, { kind: 'said', of: 'function', key: keyOf(record.name), value: record });
  };
  return { functions, journal, attached, zips, counted, say };
}

export async function commit(journal: LambdaJournal, ...edits: LambdaEdit[]): Promise<void> {
  await journal.commit(() => edits);
}

export function sayVersion(name: string, version: number, settings: FunctionSettings): LambdaEdit {
  const key = `${keyOf(name)}:${version}`;
  return { kind: 'said', of: 'version', key, value: { ...settings, version } };
}

export function sayAlias(name: string, alias: Pick<AliasRecord, 'name' | 'version' | 'weights'>): LambdaEdit {
  const key = `${keyOf(name)}:${alias.name}`;
  return { kind: 'said', of: 'alias', key, value: { description: '', revision: 'r', ...alias } };
}

/** A function of Node in a folder. */
export function inFolder(name: string, path: string, more: Partial<FunctionRecord> = {}): FunctionRecord {
  return functionOf(name, {
    code: { kind: 'folder', path },
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    timeoutSeconds: 60,
    ...more,
  });
}

/** The same from a zip with these files, which the store has from now on. */
export async function zipped(
  { zips }: Pick<Rig, 'zips'>,
  name: string,
  files: Readonly<Record<string, string>>,
  more: Partial<FunctionRecord> = {},
): Promise<FunctionRecord> {
  const zip = new ZipFile();
  for (const [path, text] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(text), path, { mode: path === 'bootstrap' ? 0o100755 : 0o100644 });
  }
  zip.end();
  const pieces: Buffer[] = [];
  for await (const piece of zip.outputStream as AsyncIterable<Buffer>) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  zips.set(sha256, bytes);
  return inFolder(name, '', { ...more, code: { kind: 'zip', sha256, bytes: bytes.length } });
}

export function call(
  { functions }: Pick<Rig, 'functions'>,
  name: string,
  event: unknown,
  how: Parameters<Functions['invoke']>[2] & { qualifier?: string } = {},
): Promise<InvokeOutcome> {
  const { qualifier, ...rest } = how;
  return functions.invoke({ account, region, name, qualifier }, Buffer.from(JSON.stringify(event)), rest);
}

/** What it answered; the error's type and message with it where it failed. */
export function answerOf({ payload, functionError }: InvokeOutcome): unknown {
  const value = JSON.parse(String(payload));
  if (functionError === undefined) return value;
  return `${functionError} ${value.errorType}: ${value.errorMessage}`;
}

/** Looks again and again: nothing tells when another process does something. Rejects after a minute. */
export async function until(holds: () => boolean): Promise<void> {
  for (let looks = 0; !holds(); looks++) {
    if (looks === 3_000) throw new Error('what was waited for has not happened');
    await pause(20);
  }
}
