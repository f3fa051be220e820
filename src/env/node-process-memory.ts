import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** The resident memory of a process and all below it, in bytes; undefined when it cannot be told. */
export async function memoryOf(pid: number): Promise<number | undefined> {
  try {
    return process.platform === 'linux' ? await residentBelow(pid) : await residentInGroup(pid);
  } catch {
    return undefined; // It has ended, or this system does not tell.
  }
}

async function residentBelow(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1');
  const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1').catch(() => '');
  // One that ends meanwhile holds nothing any more.
  const below = children
    .split(' ')
    .filter(Boolean)
    .map((child) => residentBelow(Number(child)).catch(() => 0));
  return (await Promise.all(below)).reduce((sum, bytes) => sum + bytes, own);
}

/** As ps tells it, where there is no /proc. */
async function residentInGroup(group: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pgid=,rss=']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return rows.reduce((sum, [pgid, kibibytes]) => (pgid === group ? sum + kibibytes! * 1024 : sum), 0);
}
