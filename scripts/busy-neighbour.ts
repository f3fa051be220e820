import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/**
 * Makes this process and its children share one core with another that never rests, until this one ends.
 * Where processes cannot be bound to a core (`taskset` is Linux's), as many others are busy as there are
 * cores.
 */
export function shareOneCore(cores: number): void {
  const isBound = spawnSync('taskset', ['-cp', '0', String(process.pid)], { stdio: 'ignore' }).status === 0;
  const neighbours = Array.from({ length: isBound ? 1 : cores }, startNeighbour);
  process.once('exit', () => {
    for (const neighbour of neighbours) neighbour.kill('SIGKILL');
  });
}

/** Works until it is killed, or its parent is gone. */
function startNeighbour(): ChildProcess {
  const program = `const parent = process.ppid; while (process.ppid === parent) for (let turn = 0; turn < 1e7; turn++);`;
  const child = spawn(process.execPath, ['--eval', program], { stdio: 'ignore' });
  child.unref();
  return child;
}
