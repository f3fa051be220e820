import { median } from '../../harness/statistics.ts';
import { treeCpuSeconds } from '../process-tree.ts';
import type { RunningServer } from '../running-server.ts';

/** One look at a server: answers how many bytes came. */
export type Look = () => Promise<number>;

/** What looks cost: medians over some of them; CPU is the server's. */
export async function lookCosts(server: RunningServer, looks: number, look: Look) {
  await look();
  const times: number[] = [];
  const cpuBefore = treeCpuSeconds(server.pid);
  let bytes = 0;
  for (let nth = 0; nth < looks; nth++) {
    const beganMs = performance.now();
    bytes = await look();
    times.push(performance.now() - beganMs);
  }
  const lookCpuMs = ((treeCpuSeconds(server.pid) - cpuBefore) / looks) * 1000;
  return { lookCpuMs, lookMs: median(times), lookMegabytes: bytes / 1e6 };
}

/**
 * The longest turn of the event loop of a server with the probe of `stall-probe.ts` during each of some
 * looks: the median of them and the longest.
 */
export async function lookTurns(server: RunningServer, looks: number, look: Look) {
  await look();
  const turns: Told[] = [];
  for (let nth = 0; nth < looks; nth++) {
    await server.ask();
    await look();
    turns.push((await server.ask()) as Told);
  }
  const cpu = turns.map(({ cpuMs }) => cpuMs);
  const wall = turns.map(({ wallMs }) => wallMs);
  return { stallCpuMs: Math.max(...cpu), stallMs: Math.max(...wall), usualStallCpuMs: median(cpu) };
}

/** What the probe answers. */
type Told = { readonly wallMs: number; readonly cpuMs: number };
