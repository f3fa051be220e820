import { readFileSync, statfsSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** Where the numbers come from. Measured claims carry it. */
export type Machine = {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly disk: string;
};

/** This machine, and the disk under a directory. */
export function thisMachine(directory: string): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `Linux ${release()}`,
    node: process.version,
    disk: mountOf(directory),
  };
}

/** True where fsync costs nothing because the files are in memory. */
export function isInMemory(directory: string): boolean {
  return statfsSync(directory).type === tmpfsMagic;
}

/** TMPFS_MAGIC of statfs(2). */
const tmpfsMagic = 0x01021994;

/** The file system of the longest mount point above the directory: proc_pid_mountinfo(5). */
function mountOf(directory: string): string {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n').map(parseMount);
  const above = mounts.filter(({ point }) => `${directory}/`.startsWith(point === '/' ? '/' : `${point}/`));
  const nearest = above.reduce((best, mount) => (mount.point.length >= best.point.length ? mount : best));
  return `${nearest.type} on ${nearest.source}`;
}

function parseMount(line: string) {
  const fields = line.split(' ');
  const [type, source] = fields.slice(fields.indexOf('-') + 1);
  return { point: fields[4]!, type: type!, source: source! };
}
