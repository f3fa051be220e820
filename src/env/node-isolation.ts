import { execFile } from 'node:child_process';
import { isolating } from './node-program.ts';
import type { Isolation, KnownPrograms } from './processes.ts';

/**
 * How far programs can be kept apart here, and at most so far: the tools are tried as they would be used.
 * Another user has to reach the program that runs this process, too, which in a home folder may not be so.
 */
export async function isolationHere(most: Isolation, { node }: KnownPrograms): Promise<Isolation> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'none';
  for (const isolation of levels.slice(levels.indexOf(most))) {
    if (isolation === 'none' || (await works(isolation, node))) return isolation;
  }
  return 'none';
}

const levels: readonly Isolation[] = ['namespaces', 'user', 'none'];

function works(isolation: Isolation, node: string): Promise<boolean> {
  const [tool, ...args] = isolating(isolation, { uid: 30_000, gid: 30_000 });
  return new Promise((resolve) => {
    execFile(tool!, [...args, 'test', '-x', node], { timeout: triedMsMax }, (error) =>
      resolve(error === null),
    );
  });
}

/** It takes a few milliseconds; a machine that is so slow that it takes longer is not kept waiting. */
const triedMsMax = 10_000;
