import { StartError } from '../../env/start-error.ts';
import { isNear } from '../online.ts';

/** Throws `StartError` for a server that is not on this machine: it would read another machine's folder. */
export function requireNear(endpoint: string): void {
  if (isNear(endpoint)) return;
  const { hostname } = new URL(endpoint);
  throw new StartError(
    `the folder is read by the server, which has to be on this machine; ${hostname} is not`,
  );
}
