import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerProcess } from '../server-process.ts';
import { sendCrew } from './crew.ts';
import { type Excess, forgetPeak, openDescriptors, residentBytes } from './gauge.ts';
import { Ledger } from './ledger.ts';
import type { Step } from './schedule.ts';
import { graceMs, type Scale } from './target.ts';
import { serveForAWhile, warmUp } from './warm-up.ts';
import type { Prepared } from './watched-server.ts';

export type ShiftOutcome = {
  readonly ledger: Ledger;
  readonly violations: readonly string[];
  readonly excess: Excess | undefined;
};

/** What is at rest, before any crew came to a server. */
export type Rest = { readonly bytes: number; readonly descriptors: number };

/**
 * A server at rest: every way in was used once; at full scale, as often as it takes to fill what V8 fills
 * before it collects.
 */
export async function restOf(server: ServerProcess, scale: Scale): Promise<Rest> {
  await warmUp(server.port!);
  if (scale === 'full') await serveForAWhile(server.port!, () => residentBytes(server.pid) ?? 0);
  await sleep(settleMs);
  const rest = { bytes: residentBytes(server.pid) ?? 0, descriptors: openDescriptors(server.pid) ?? 0 };
  forgetPeak(server.pid);
  return rest;
}

/** A crew at work, and an honest client beside it. The client is at work still when it is handed on. */
export async function shift(
  server: ServerProcess,
  rest: Rest,
  work: { readonly steps: readonly Step[]; readonly prepared: Prepared; readonly scale: Scale },
): Promise<ShiftOutcome> {
  const ledger = new Ledger(server, work.scale === 'brief' ? paceBriefMs : paceFullMs);
  const stop = new AbortController();
  void server.ended.then(() => stop.abort());
  const { steps, prepared, scale } = work;
  const target = { port: server.port!, pid: server.pid, restBytes: rest.bytes, scale, ...prepared };
  const { violations = [], excess, last } = await sendCrew({ target, steps }, stop.signal);
  // A process that is about to end answers no client any more.
  await ledger.hearsAgain();
  if (server.hasEnded) {
    await ledger.stop();
    const { code, signal } = await server.ended;
    const words = server.complaint.split('\n').filter((line) => /error|assert|fatal/i.test(line));
    const sentence = `ended: with ${code ?? signal}, after ${last.join('; ')}: ${words.join(' ').slice(0, 400)}`;
    return { ledger, violations: [sentence], excess };
  }
  const left = await descriptorsLeft(server, rest.descriptors);
  return { ledger, violations: [...violations, ...left, ...failures(server)], excess };
}

/**
 * Whatever a client does, it is no error of the server: a line that says so is a bug that was caught at the
 * last moment.
 */
function failures(server: ServerProcess): string[] {
  const line = server.complaint.split('\n').find((text) => text.includes('"level":"error"'));
  return line === undefined ? [] : [`failed: the server logged ${line.slice(0, 400)}`];
}

/** The crew has gone: what it held must be free. */
async function descriptorsLeft(server: ServerProcess, before: number): Promise<string[]> {
  const allowed = before + ledgerDescriptors;
  let count = openDescriptors(server.pid) ?? 0;
  for (let waitedMs = 0; count > allowed && waitedMs < graceMs; waitedMs += lookMs) {
    await sleep(lookMs);
    count = openDescriptors(server.pid) ?? 0;
  }
  return count <= allowed ? [] : [`descriptors: ${before} before the crew came, ${count} after it left`];
}

/** The honest client's connections: two for puts, one for /health, and as many that it has just closed. */
const ledgerDescriptors = 6;
const settleMs = 500;
const lookMs = 100;
const paceBriefMs = 400;
const paceFullMs = 20;
