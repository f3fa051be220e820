import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { CreateFunctionCommand, GetFunctionCommand } from '@aws-sdk/client-lambda';
import { lambdaServer, madeOf, zipOf } from './function-calls.ts';

test('a zip that is larger than other bodies may be is taken, and answered as it was', async () => {
  await using world = await lambdaServer();
  const { client } = world;
  const ZipFile = await zipOf({ 'index.mjs': 'export const handler = 1;', data: randomBytes(14_000_000) });
  const made = await client.send(new CreateFunctionCommand(madeOf('large', { Code: { ZipFile } })));
  assert.equal(made.CodeSize, ZipFile.length);
  assert.equal(made.CodeSha256, createHash('sha256').update(ZipFile).digest('base64'));
  const { Code } = await client.send(new GetFunctionCommand({ FunctionName: 'large' }));
  const fetched = await fetch(Code!.Location!);
  assert.ok(ZipFile.equals(Buffer.from(await fetched.arrayBuffer())));
});
