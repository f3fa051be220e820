import { buffer } from 'node:stream/consumers';
import { LambdaClient, type LambdaServiceException } from '@aws-sdk/client-lambda';
import { ZipFile } from 'yazl';
import type { ServerOptions } from '../../../src/server/options.ts';
import { startTestServer } from '../../../src/server/testing.ts';

export const role = 'arn:aws:iam::000000000000:role/service-role/runner';

/** A server in memory, and the official client of it. */
export async function lambdaServer(options: Partial<ServerOptions> = {}) {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startTestServer(options));
  const client = new LambdaClient({ ...server.clientConfig, maxAttempts: 1 });
  stack.defer(() => client.destroy());
  const all = stack.move();
  return { server, client, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** A zip of files by their paths. */
export async function zipOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [path, text] of Object.entries(files))
    zip.addBuffer(Buffer.from(text), path, { mtime: new Date(0), compress: false });
  zip.end();
  return await buffer(zip.outputStream);
}

export const handlerZip = await zipOf({ 'index.mjs': 'export const handler = async (event) => event;' });

/** What CreateFunction needs at least for a zip. */
export function madeOf(name: string, changes: object = {}) {
  return {
    ...{ FunctionName: name, Role: role, Runtime: 'nodejs24.x' as const, Handler: 'index.handler' },
    Code: { ZipFile: handlerZip },
    ...changes,
  };
}

/** An error of the service as `status name: message`, which a call rejects with. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as LambdaServiceException;
    return `${$metadata?.httpStatusCode} ${name}: ${message}`;
  }
  return 'it was carried out';
}
