import type { ClientAnswer, HttpClient } from '../../env/http-client.ts';
import { parseLongJson } from '../format/long-json.ts';
import { IcebergError } from '../iceberg-table.ts';

/** Rejects with `IcebergError` of code `Unreachable`, or with the signal's reason. */
export async function reached(
  client: HttpClient,
  request: Parameters<HttpClient['send']>[0],
  signal: AbortSignal | undefined,
): Promise<ClientAnswer> {
  try {
    return await client.send({ timeoutMs, bodyBytesMax, ...request }, signal);
  } catch (error) {
    signal?.throwIfAborted();
    const { host } = new URL(request.url);
    throw new IcebergError(`the catalog at ${host} does not answer: ${String(error)}`, 'Unreachable', true);
  }
}

const timeoutMs = 30_000;
/** Metadata has all snapshots that were not let go: some thousand bytes each. */
const bodyBytesMax = 256 * 1024 * 1024;

export function jsonIn(body: Buffer): unknown {
  try {
    return parseLongJson(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
