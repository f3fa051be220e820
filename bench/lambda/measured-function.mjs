// The functions of the benchmark. What they tell goes to a file, in lines, by the clock that all processes of
// the machine share (CLOCK_MONOTONIC).
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const { REPORT } = process.env;

/** Records say when they were sent, in nanoseconds: tells when each was entered, in milliseconds since. */
export async function entered(event) {
  const now = process.hrtime.bigint();
  const lines = event.Records.map(({ kinesis }) => {
    const sent = Buffer.from(kinesis.data, 'base64').toString('latin1').trim();
    return `${Number(now - BigInt(sent)) / 1e6}\n`;
  });
  appendFileSync(REPORT, lines.join(''));
}

const instance = Math.random().toString(36).slice(2);
let records = 0;

/** Tells how many records this process has had, and what they have cost it, in microseconds of CPU. */
export async function counting(event) {
  records += event.Records.length;
  const { user, system } = process.cpuUsage();
  appendFileSync(REPORT, `${instance} ${records} ${user + system}\n`);
}

/** Does nothing: what is measured is the way to it. */
export async function nothing() {
  return {};
}

export async function throwing() {
  throw new Error('It always does.');
}

export async function hanging() {
  await sleep(1_000_000);
}

const kept = [];

/** Keeps more memory with each call, until it may have no more. */
export async function leaking() {
  kept.push(Buffer.alloc(8 * 1024 * 1024, 'leak'));
}
