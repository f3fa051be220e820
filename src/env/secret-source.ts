import type { Millis } from './clock.ts';
import { environmentVariable } from './environment.ts';
import { secretPlace } from './secret-place.ts';
import { outputOf } from './shell-command.ts';
import { StartError } from './start-error.ts';
import { readPrivateFile } from './user-file.ts';

/** A secret as it stands, and what to call the place that it comes from. */
export type Secret = { readonly text: string; readonly where: string };

/**
 * Reads the secret of a source, which is one of `secretPlace`. Rejects with `StartError`, which begins with
 * the flag and shows nothing of the secret.
 */
export async function readSecret(flag: string, source: string): Promise<Secret> {
  const [, kind, what] = secretPlace.exec(source)!;
  const unreadable = (name: string) => (cause: unknown) => {
    throw new StartError(`--${flag}: ${name} could not be read: ${(cause as Error).message}`, { cause });
  };
  if (kind === 'file') {
    const where = `the file ${what}`;
    return { text: await readPrivateFile(what!).catch(unreadable(where)), where };
  }
  if (kind === 'env') {
    const text = environmentVariable(what!);
    if (text === undefined) throw new StartError(`--${flag}: the variable ${what} is not set`);
    return { text, where: `the variable ${what}` };
  }
  const text = await outputOf(what!, commandMs).catch(unreadable('the command'));
  return { text, where: 'the output of the command' };
}

/** A command may ask another machine. */
const commandMs: Millis = 10_000;
