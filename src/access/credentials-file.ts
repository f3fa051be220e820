import { StartError } from '../env/start-error.ts';
import { readUserFile } from '../env/user-file.ts';
import { parseCredentials } from './credentials.ts';

/** The text of a credentials file, which was checked. Rejects with `StartError` when it is of no use. */
export async function loadCredentials(path: string): Promise<string> {
  try {
    const text = String(await readUserFile(path));
    parseCredentials(text);
    return text;
  } catch (error) {
    throw new StartError(`cannot read the credentials in ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
