import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionRecursionConfigCommand,
  GetFunctionUrlConfigCommand,
  GetRuntimeManagementConfigCommand,
  ListFunctionUrlConfigsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  PutRuntimeManagementConfigCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-lambda';
import { handlerZip, lambdaServer, madeOf, refusalOf, zipOf } from './function-calls.ts';

// What Terraform and the console ask about a function besides.

const FunctionName = 'asked';
const arn = `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`;

let world: Awaited<ReturnType<typeof lambdaServer>>;
before(async () => {
  world = await lambdaServer();
  await world.client.send(new CreateFunctionCommand(madeOf(FunctionName)));
});
after(() => world[Symbol.asyncDispose]());
const send: (typeof world)['client']['send'] = (command: never) => world.client.send(command);

test('tags are of a function as a whole', async () => {
  await send(new TagResourceCommand({ Resource: arn, Tags: { team: 'a', stage: 'test' } }));
  await send(new TagResourceCommand({ Resource: arn, Tags: { team: 'b' } }));
  await send(new UntagResourceCommand({ Resource: arn, TagKeys: ['stage', 'none'] }));
  assert.deepEqual((await send(new ListTagsCommand({ Resource: arn }))).Tags, { team: 'b' });
  assert.deepEqual((await send(new GetFunctionCommand({ FunctionName }))).Tags, { team: 'b' });
  const tag = (Resource: string, Tags: Record<string, string> = { a: 'b' }) =>
    refusalOf(send(new TagResourceCommand({ Resource, Tags })));
  assert.equal(await tag(`${arn}-none`), `404 ResourceNotFoundException: Function not found: ${arn}-none`);
  assert.match(await tag(`${arn}:1`), /Tags on function aliases and versions are not supported/);
  assert.match(await tag(arn, {}), /An error occurred and the request cannot be processed\.$/);
  assert.match(await tag('arn:aws:something'), /^400 ValidationException: .* at 'resource' failed/);
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key-${index}`, '']));
  assert.match(await tag(arn, many), /Number of tags exceeds resource tag limit\.$/);
  const mapping = arn.replace(/function:.*/, `event-source-mapping:${crypto.randomUUID()}`);
  assert.equal(
    await tag(mapping),
    `404 ResourceNotFoundException: Event source mapping not found: ${mapping}`,
  );
});

test('concurrency is reserved, as long as enough is left to others', async () => {
  const put = (ReservedConcurrentExecutions: number, name = FunctionName) =>
    send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions }));
  assert.equal((await put(900)).ReservedConcurrentExecutions, 900);
  const { AccountLimit, AccountUsage } = await send(new GetAccountSettingsCommand({}));
  assert.deepEqual(AccountLimit, {
    ...{ TotalCodeSize: 80_530_636_800, CodeSizeUnzipped: 262_144_000, CodeSizeZipped: 52_428_800 },
    ...{ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 100 },
  });
  assert.deepEqual(AccountUsage, { TotalCodeSize: handlerZip.length, FunctionCount: 1 });
  assert.match(await refusalOf(put(901)), /below its minimum value of \[100\]\.$/);
  assert.match(await refusalOf(put(1, `${FunctionName}:1`)), /Please specify either a function name or/);
  assert.match(await refusalOf(put(1, 'none')), /^404 .*:function:none:\$LATEST$/);
  assert.deepEqual((await send(new GetFunctionCommand({ FunctionName }))).Concurrency, {
    ReservedConcurrentExecutions: 900,
  });
  await send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  const left = await send(new GetFunctionConcurrencyCommand({ FunctionName }));
  assert.equal(left.ReservedConcurrentExecutions, undefined);
});

test("of what a function does not have, AWS's answers are given", async () => {
  const signing = await send(new GetFunctionCodeSigningConfigCommand({ FunctionName }));
  assert.equal(signing.CodeSigningConfigArn, undefined);
  assert.deepEqual((await send(new ListFunctionUrlConfigsCommand({ FunctionName }))).FunctionUrlConfigs, []);
  assert.match(
    await refusalOf(send(new GetFunctionUrlConfigCommand({ FunctionName }))),
    /^404 ResourceNotFoundException: The resource you requested does not exist\.$/,
  );
  const recursion = await send(new GetFunctionRecursionConfigCommand({ FunctionName }));
  assert.equal(recursion.RecursiveLoop, 'Terminate');
  const { $metadata: _, ...runtime } = await send(new GetRuntimeManagementConfigCommand({ FunctionName }));
  assert.deepEqual(runtime, { UpdateRuntimeOn: 'Auto', FunctionArn: `${arn}:$LATEST` });
  await send(new PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'FunctionUpdate' }));
  const put = await send(new GetRuntimeManagementConfigCommand({ FunctionName }));
  assert.equal(put.UpdateRuntimeOn, 'FunctionUpdate');
});

test('what is not served is refused by its name', async () => {
  assert.equal(
    await refusalOf(send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }))),
    '404 UnknownOperationException: CreateFunctionUrlConfig is not served yet.',
  );
  assert.equal(
    await refusalOf(send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName }))),
    '404 UnknownOperationException: ListProvisionedConcurrencyConfigs is not served yet.',
  );
});

test('a zip that is larger than other bodies may be is taken, and answered as it was', async () => {
  const ZipFile = await zipOf({ 'index.mjs': 'export const handler = 1;', data: randomBytes(13_000_000) });
  const made = await send(new CreateFunctionCommand(madeOf('large', { Code: { ZipFile } })));
  assert.equal(made.CodeSize, ZipFile.length);
  assert.equal(made.CodeSha256, createHash('sha256').update(ZipFile).digest('base64'));
  const { Code } = await send(new GetFunctionCommand({ FunctionName: 'large' }));
  const fetched = await fetch(Code!.Location!);
  assert.ok(ZipFile.equals(Buffer.from(await fetched.arrayBuffer())));
});
