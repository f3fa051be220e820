import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export type TortureRun = {
  readonly code: number;
  readonly output: string;
  readonly skipped: string | undefined;
};

/** Runs `npm run torture` for one fault. */
export async function torture(
  fault: string,
  rounds: number,
  env: Readonly<Record<string, string>> = {},
): Promise<TortureRun> {
  const args = ['torture/main.ts', '--only', fault, '--rounds', String(rounds), '--seed', '1'];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  // A signal that ends the tests ends what they started.
  const end = () => void child.kill();
  process.once('exit', end);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  process.off('exit', end);
  return { code, output: stdout + stderr, skipped: /^skipped .*?: (.*)$/m.exec(stdout)?.[1] };
}
