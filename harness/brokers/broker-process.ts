import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Java } from './jars.ts';

/** For development: a small heap, one thread for its garbage, and the compiler that is ready soonest. */
const virtualMachine = [
  ...['-Xms192m', '-Xmx384m', '-Xss512k', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
  ...['-Djava.awt.headless=true', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'],
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
];

/** What a broker is started with, by the paths of files. */
export type BrokerFiles = {
  /** Its properties, by which its process is known afterwards. */
  readonly settings: string;
  readonly log: string;
  /** Where it looks for the addresses of names; undefined: where all of this machine do. */
  readonly hosts: string | undefined;
  /** Besides those of this process. */
  readonly variables: Readonly<Record<string, string>>;
};

/** Starts a broker, and answers its process id. One that `outlives` this process has a session of its own. */
export function startBroker(java: Java, files: BrokerFiles, outlives: boolean): number {
  const { settings, log, hosts, variables } = files;
  const output = openSync(log, 'a');
  const names = hosts === undefined ? [] : [`-Djdk.net.hosts.file=${hosts}`];
  const words = [...virtualMachine, ...names, '-cp', java.classPath, 'kafka.Kafka', settings];
  const env = { ...process.env, ...variables };
  const child = spawn(java.program, words, { stdio: ['ignore', output, output], detached: outlives, env });
  closeSync(output);
  child.unref();
  if (child.pid === undefined) throw new Error(`${java.program} does not start`);
  return child.pid;
}

/** Whether this process is still the broker that has these settings, and not one that got its number. */
export function isRunning(pid: number, settings: string): boolean {
  return commandOf(pid).includes(settings);
}

/** Resolves when the broker is gone. */
export async function whenGone(pid: number, settings: string): Promise<void> {
  while (isRunning(pid, settings)) await pause(50);
}

/** The command of a process; empty when there is none, or it has ended and nobody has asked how. */
function commandOf(pid: number): string {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'latin1' });
  } catch {
    // There is no such process: both ways say so by failing.
    return '';
  }
}

/**
 * Waits until no thread of a process that was sent SIGSTOP runs any more: on a busy machine some still do.
 */
export function untilStopped(pid: number): void {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return;
  const hasStopped = (thread: string) => /^State:\s+[TtZX]/m.test(statusOf(`${tasks}/${thread}/status`));
  for (let look = 0; look < looksMax; look++) if (readdirSync(tasks).every(hasStopped)) return;
}

/** A thread may be gone by now. */
function statusOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return 'State:\tX';
  }
}

/** Some hundred microseconds each. */
const looksMax = 10_000;
