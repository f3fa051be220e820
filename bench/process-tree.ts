import { readdirSync, readFileSync } from 'node:fs';
import { isSystemError } from '../src/env/disk.ts';

/** What Linux tells in /proc, read when asked. Times are CPU seconds. */

/** A process and all that it started and that still lives. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? statOf(Number(name))?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** User and system time of a process and its descendants, the ended ones that it waited for included. */
export function treeCpuSeconds(root: number): number {
  const ticks = processTree(root).map((pid) => statOf(pid)?.ticks ?? 0);
  return ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
}

/** Resident memory of a process and its descendants. */
export function treeResidentBytes(root: number): number {
  const kilobytes = processTree(root).map((pid) => {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '');
    return Number(line?.[1] ?? 0);
  });
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1024;
}

/** What all cores did since the machine started; time stolen by other guests counts as busy. */
export function machineCpuSeconds(): { busy: number; total: number } {
  const line = read('/proc/stat')!.split('\n', 1)[0]!;
  // user nice system idle iowait irq softirq steal: proc_stat(5). Guest time is in user already.
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
  return { busy: total - (ticks[3]! + ticks[4]!) / ticksPerSecond, total };
}

/** USER_HZ: 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** Fields of proc_pid_stat(5), counted from after the name, which may hold anything. */
function statOf(pid: number): { parent: number; ticks: number } | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime, cstime are the fields 14 to 17; state is field 3.
  const ticks = fields.slice(11, 15).map(Number);
  return { parent: Number(fields[1]), ticks: ticks.reduce((sum, each) => sum + each, 0) };
}

/** A process may end between being listed and being read. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ESRCH')) return undefined;
    throw error;
  }
}
