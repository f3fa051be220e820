import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-kms';
import { startServer } from '../../../src/server/server.ts';
import { temporaryDirectory } from '../../server/process.ts';
import { kmsClient } from './kms-client.ts';

/** A server on a directory, under the root keys in a file, for as long as `work` takes. */
async function serve<Answer>(
  data: string,
  rootKeys: readonly string[],
  work: (client: sdk.KMSClient) => Promise<Answer>,
): Promise<Answer> {
  const file = `${data}.keys`;
  writeFileSync(file, rootKeys.join('\n'), { mode: 0o600 });
  const options = { data, port: 0, logLevel: 'silent', rootKey: `file:${file}` } as const;
  await using server = await startServer(options);
  return await work(
    kmsClient({
      async send(request) {
        const { status, headers, body } = await server.handle(request);
        const pieces = Array.isArray(body) ? body : [Buffer.from(body as string | Buffer)];
        return { status, headers, body: Buffer.concat(pieces) };
      },
    }),
  );
}

test('what a key has encrypted outlives restarts and root keys, and the directory holds no key in clear', async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, 'data');
  const [old, fresh] = ['11'.repeat(32), '22'.repeat(32)];
  const made = await serve(data, [old], async (client) => {
    const { KeyMetadata } = await client.send(new sdk.CreateKeyCommand({}));
    const KeyId = KeyMetadata!.KeyId!;
    return await client.send(new sdk.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
  });
  const opened = async (client: sdk.KMSClient) => {
    const { CiphertextBlob } = made;
    return (await client.send(new sdk.DecryptCommand({ CiphertextBlob }))).Plaintext;
  };
  for (const keys of [[old], [fresh, old], [fresh]]) {
    assert.deepEqual(await serve(data, keys, opened), made.Plaintext, keys.join(' then '));
  }
  await assert.rejects(serve(data, [old], opened), { name: 'StartError' });
  const bytes = Buffer.concat(
    globSync(join(data, '**'), { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'lock')
      .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
  );
  assert.ok(bytes.includes('key-created') || bytes.includes('"keys"'), 'the journal is among them');
  for (const secret of [Buffer.from(made.Plaintext!), Buffer.from(old, 'hex'), Buffer.from(fresh, 'hex')]) {
    for (const form of ['latin1', 'hex', 'base64'] as const) {
      assert.ok(!bytes.includes(Buffer.from(secret.toString(form), 'latin1')), form);
    }
  }
});
