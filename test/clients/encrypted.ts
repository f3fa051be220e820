import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * How to reach a server over TLS: its other address, and the authority that a client has to trust, as a file.
 */
export type Encrypted = Disposable & {
  readonly url: string;
  readonly directory: string;
  readonly authority: string;
};

export async function encrypted(server: { readonly url: string }): Promise<Encrypted> {
  const answer = await fetch(new URL('/ca.pem', server.url));
  assert.equal(answer.status, 200);
  const directory = mkdtempSync(join(tmpdir(), 'millrace-trust-'));
  const authority = join(directory, 'ca.pem');
  writeFileSync(authority, await answer.text());
  return {
    url: server.url.replace('http:', 'https:'),
    directory,
    authority,
    [Symbol.dispose]: () => rmSync(directory, { recursive: true }),
  };
}
