import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { handlerZip, lambdaServer, madeOf, refusalOf, role, zipOf } from './function-calls.ts';

let world: Awaited<ReturnType<typeof lambdaServer>>;
before(async () => {
  world = await lambdaServer();
});
after(() => world[Symbol.asyncDispose]());

const arn = 'arn:aws:lambda:us-east-1:000000000000:function';
const send: (typeof world)['client']['send'] = (command: never) => world.client.send(command);
const sha256 = createHash('sha256').update(handlerZip).digest('base64');

test('a function is answered with all that AWS answers', async () => {
  const Environment = { Variables: { COLOUR: 'blue' } };
  const { $metadata, ...made } = await send(
    new CreateFunctionCommand(madeOf('echoed', { Environment, Timeout: 5, Tags: { team: 'a' } })),
  );
  assert.equal($metadata.httpStatusCode, 201);
  assert.match(made.LastModified!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
  assert.match(
    made.RuntimeVersionConfig!.RuntimeVersionArn!,
    /^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/,
  );
  const { LastModified, RevisionId, RuntimeVersionConfig } = made;
  const settings = {
    ...{ Architectures: ['x86_64'], CodeSha256: sha256, CodeSize: handlerZip.length, Description: '' },
    ...{ Environment, EphemeralStorage: { Size: 512 }, FunctionArn: `${arn}:echoed`, FunctionName: 'echoed' },
    ...{
      Handler: 'index.handler',
      LastModified,
      MemorySize: 128,
      PackageType: 'Zip',
      RevisionId,
      Role: role,
    },
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/echoed' },
    ...{ Runtime: 'nodejs24.x', Timeout: 5, Version: '$LATEST' },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    TracingConfig: { Mode: 'PassThrough' },
  };
  const pending = {
    State: 'Pending',
    StateReason: 'The function is being created.',
    StateReasonCode: 'Creating',
  };
  assert.deepEqual(made, { ...settings, RuntimeVersionConfig, ...pending });
  const { $metadata: _, ...found } = await send(new GetFunctionCommand({ FunctionName: 'echoed' }));
  assert.deepEqual(found.Configuration, {
    ...{ ...settings, RuntimeVersionConfig, State: 'Active', LastUpdateStatus: 'Successful' },
  });
  assert.deepEqual(found.Tags, { team: 'a' });
  assert.equal(found.Code!.RepositoryType, 'S3');
  const { Functions } = await send(new ListFunctionsCommand({}));
  assert.deepEqual(
    Functions!.find(({ FunctionName }) => FunctionName === 'echoed'),
    settings,
  );
});

test('the zip of a function is where its location says, and nowhere else', async () => {
  await send(new CreateFunctionCommand(madeOf('fetched')));
  const { Code } = await send(new GetFunctionCommand({ FunctionName: 'fetched' }));
  const answer = await fetch(Code!.Location!);
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), handlerZip);
  assert.equal(answer.headers.get('content-type'), 'application/zip');
  const unsigned = await fetch(Code!.Location!.split('?')[0]!);
  assert.equal(unsigned.status, 403);
  assert.deepEqual(await unsigned.json(), { message: 'Missing Authentication Token' });
});

test('a function is named in all ways', async () => {
  await send(new CreateFunctionCommand(madeOf('named')));
  const forms = ['named', 'named:$LATEST', `${arn}:named`, '000000000000:function:named', 'function:named'];
  for (const FunctionName of forms) {
    const found = await send(new GetFunctionConfigurationCommand({ FunctionName }));
    assert.equal(found.FunctionName, 'named', FunctionName);
  }
  const get = (FunctionName: string, Qualifier?: string) =>
    refusalOf(send(new GetFunctionCommand({ FunctionName, Qualifier })));
  assert.equal(await get('none'), `404 ResourceNotFoundException: Function not found: ${arn}:none`);
  assert.equal(await get('named', '7'), `404 ResourceNotFoundException: Function not found: ${arn}:named:7`);
  assert.equal(
    await get('named:1', '2'),
    '400 InvalidParameterValueException: The derived qualifier from the function name does not match the specified qualifier.',
  );
  assert.equal(
    await get(`${arn.replace('us-east-1', 'eu-west-1')}:named`),
    "404 ResourceNotFoundException: Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
  );
  assert.match(
    await get('invalid:function:name'),
    /^400 ValidationException: 1 validation error detected: Value 'invalid:function:name' at 'functionName' failed/,
  );
  assert.match(await get('a'.repeat(65)), /^400 InvalidParameterValueException: 1 validation error detected/);
});

test('a region need not be one of AWS', async () => {
  await using local = await lambdaServer({ region: 'local' });
  const { FunctionArn } = await local.client.send(new CreateFunctionCommand(madeOf('here')));
  const found = await local.client.send(new GetFunctionConfigurationCommand({ FunctionName: FunctionArn! }));
  assert.equal(found.FunctionArn, 'arn:aws:lambda:local:000000000000:function:here');
});

test('a function that cannot be is refused as at AWS', async () => {
  const refused = (changes: object) => refusalOf(send(new CreateFunctionCommand(madeOf('refused', changes))));
  const invalid = '400 InvalidParameterValueException:';
  assert.match(
    await refused({ Runtime: 'node' }),
    /^400 InvalidParameterValueException: Value node at 'runtime'/,
  );
  assert.match(await refused({ Runtime: 'java8' }), /The runtime parameter of java8 is no longer supported/);
  assert.match(await refused({ Role: 'r1' }), /^400 ValidationException: 1 validation error .* 'role'/);
  assert.equal(
    await refused({ Role: role.replace('000000000000', '111111111111') }),
    '403 AccessDeniedException: Cross-account pass role is not allowed.',
  );
  assert.equal(await refused({ Code: {} }), `${invalid} Please provide a source for function code.`);
  assert.equal(
    await refused({ Code: { ZipFile: Buffer.from('no zip') } }),
    `${invalid} Could not unzip uploaded file. Please check your file, then try to upload again.`,
  );
  assert.match(await refused({ Code: { S3Bucket: 'bucket', S3Key: 'key' } }), /S3 as a source is not served/);
  assert.match(await refused({ PackageType: 'Image' }), /PackageType Image\) is not served/);
  assert.match(await refused({ Timeout: 901 }), /'timeout' failed .* less than or equal to 900/);
  assert.match(
    await refused({ Environment: { Variables: { AWS_REGION: 'x' } } }),
    /Reserved keys used in this request: AWS_REGION/,
  );
  const large = await refused({ Environment: { Variables: { SECRET: 'hush'.repeat(1100) } } });
  assert.match(large, /exceeded the 4KB limit\.$/);
  await send(new CreateFunctionCommand(madeOf('twice')));
  assert.equal(
    await refusalOf(send(new CreateFunctionCommand(madeOf('twice')))),
    '409 ResourceConflictException: Function already exist: twice',
  );
});

test('what runs may be said by variables, and the zip is then only compared', async () => {
  const made = (name: string, Variables: Record<string, string>, Code = {}) =>
    send(new CreateFunctionCommand({ FunctionName: name, Role: role, Code, Environment: { Variables } }));
  const folder = await made('of-folder', { MILLRACE_CODE_FOLDER: '/srv/code' });
  assert.equal(folder.CodeSize, 0);
  const both = await made('of-both', { MILLRACE_INVOKE_URL: 'http://127.0.0.1:1' }, { ZipFile: handlerZip });
  assert.deepEqual([both.CodeSha256, both.CodeSize], [sha256, handlerZip.length]);
  assert.match(await refusalOf(made('none', { MILLRACE_CODE_FOLDER: 'code' })), /not an absolute path/);
  assert.match(await refusalOf(made('none', { MILLRACE_WEBHOOK_URL: 'file:///etc' })), /begins with http/);
  const lost = send(
    new UpdateFunctionConfigurationCommand({ FunctionName: 'of-folder', Environment: { Variables: {} } }),
  );
  assert.match(await refusalOf(lost), /Please provide a source for function code\.$/);
});

test('settings are changed one by one, by those who have seen them', async () => {
  const made = await send(new CreateFunctionCommand(madeOf('changed', { Description: 'before' })));
  const update = (changes: object) =>
    send(new UpdateFunctionConfigurationCommand({ FunctionName: 'changed', ...changes }));
  const changed = await update({ MemorySize: 256, RevisionId: made.RevisionId });
  assert.deepEqual(
    [changed.MemorySize, changed.Description, changed.LastUpdateStatus],
    [256, 'before', 'InProgress'],
  );
  assert.equal(
    await refusalOf(update({ MemorySize: 512, RevisionId: made.RevisionId })),
    '412 PreconditionFailedException: The Revision Id provided does not match the latest Revision Id. Call the ' +
      'GetFunction/GetAlias API to retrieve the latest Revision Id',
  );
  const ZipFile = await zipOf({ 'index.mjs': 'export const handler = () => 2;' });
  const code = (more: object) =>
    send(new UpdateFunctionCodeCommand({ FunctionName: 'changed', ZipFile, ...more }));
  const tried = await code({ DryRun: true });
  const hash = createHash('sha256').update(ZipFile).digest('base64');
  assert.equal(tried.CodeSha256, hash);
  const now = () => send(new GetFunctionConfigurationCommand({ FunctionName: 'changed' }));
  assert.equal((await now()).CodeSha256, sha256);
  const published = await code({ Publish: true });
  assert.deepEqual([published.Version, published.CodeSha256], ['1', hash]);
  assert.equal((await now()).CodeSha256, hash);
});

test('settings that are only kept are answered as at AWS', async () => {
  await send(new CreateFunctionCommand(madeOf('kept', { LoggingConfig: { LogFormat: 'JSON' } })));
  const update = (changes: object) =>
    send(new UpdateFunctionConfigurationCommand({ FunctionName: 'kept', ...changes }));
  const logged = await update({ LoggingConfig: { LogGroup: 'other' } });
  const levels = { ApplicationLogLevel: 'INFO', SystemLogLevel: 'INFO' };
  assert.deepEqual(logged.LoggingConfig, { LogFormat: 'JSON', ...levels, LogGroup: 'other' });
  const TargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
  const VpcConfig = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
  const all = await update({ DeadLetterConfig: { TargetArn }, VpcConfig, TracingConfig: { Mode: 'Active' } });
  assert.deepEqual(all.DeadLetterConfig, { TargetArn });
  assert.deepEqual(all.VpcConfig, { ...VpcConfig, VpcId: '', Ipv6AllowedForDualStack: false });
  assert.deepEqual(all.TracingConfig, { Mode: 'Active' });
  const less = await update({ DeadLetterConfig: { TargetArn: '' }, Environment: { Variables: {} } });
  assert.deepEqual([less.DeadLetterConfig, less.Environment], [undefined, { Variables: {} }]);
  assert.match(await refusalOf(update({ Layers: [`${arn}:layer:a:1`] })), /A layer \(Layers\) is not served/);
});

test('a version is published when something has changed, and never changes', async () => {
  await send(new CreateFunctionCommand(madeOf('versions')));
  const publish = (more: object = {}) =>
    send(new PublishVersionCommand({ FunctionName: 'versions', ...more }));
  const first = await publish({ Description: 'first' });
  assert.deepEqual([first.Version, first.FunctionArn], ['1', `${arn}:versions:1`]);
  assert.deepEqual([first.Description, first.State], ['first', 'Active']);
  const { $metadata: _, ...again } = await publish({ Description: 'again' });
  const { $metadata: __, ...one } = first;
  assert.deepEqual(again, one);
  await send(new UpdateFunctionConfigurationCommand({ FunctionName: 'versions', Timeout: 9 }));
  assert.equal((await publish({ CodeSha256: sha256 })).Version, '2');
  assert.equal(
    await refusalOf(publish({ CodeSha256: 'other' })),
    `400 InvalidParameterValueException: CodeSHA256 (other) is different from current CodeSHA256 in $LATEST (${sha256}). Please try again with the CodeSHA256 in $LATEST.`,
  );
  const { Versions } = await send(new ListVersionsByFunctionCommand({ FunctionName: 'versions' }));
  assert.deepEqual(
    Versions!.map(({ Version, Timeout, FunctionArn }) => [Version, Timeout, FunctionArn]),
    [
      ['$LATEST', 9, `${arn}:versions:$LATEST`],
      ['1', 3, `${arn}:versions:1`],
      ['2', 9, `${arn}:versions:2`],
    ],
  );
  await send(new DeleteFunctionCommand({ FunctionName: 'versions', Qualifier: '2' }));
  await send(new UpdateFunctionConfigurationCommand({ FunctionName: 'versions', Timeout: 10 }));
  assert.equal((await publish()).Version, '3', 'a number comes once');
});

test('functions are listed in pages, with all of their versions if asked for', async () => {
  for (const name of ['page-a', 'page-b'])
    await send(new CreateFunctionCommand(madeOf(name, { Publish: true })));
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await send(new ListFunctionsCommand({ MaxItems: 1, Marker, FunctionVersion: 'ALL' }));
    names.push(...page.Functions!.map(({ FunctionArn }) => FunctionArn!.slice(arn.length + 1)));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  assert.deepEqual(
    names.filter((name) => name.startsWith('page-')),
    ['page-a:$LATEST', 'page-a:1', 'page-b:$LATEST', 'page-b:1'],
  );
  assert.match(
    await refusalOf(send(new ListFunctionsCommand({ Marker: '?' }))),
    /^400 InvalidParameterValue/,
  );
});

test('an alias leads to versions that there are, and keeps them', async () => {
  await send(new CreateFunctionCommand(madeOf('aliased', { Publish: true })));
  await send(new UpdateFunctionConfigurationCommand({ FunctionName: 'aliased', Timeout: 9 }));
  await send(new PublishVersionCommand({ FunctionName: 'aliased' }));
  const create = (changes: object) =>
    send(new CreateAliasCommand({ FunctionName: 'aliased', Name: 'live', FunctionVersion: '1', ...changes }));
  const RoutingConfig = { AdditionalVersionWeights: { 2: 0.25 } };
  const { $metadata: _, ...made } = await create({ RoutingConfig, Description: 'for all' });
  assert.deepEqual(made, {
    ...{ AliasArn: `${arn}:aliased:live`, Name: 'live', FunctionVersion: '1', Description: 'for all' },
    ...{ RoutingConfig, RevisionId: made.RevisionId },
  });
  const invalid = '400 InvalidParameterValueException:';
  const weights = (AdditionalVersionWeights: Record<string, number>) => ({
    RoutingConfig: { AdditionalVersionWeights },
  });
  assert.equal(
    await refusalOf(create({})),
    `409 ResourceConflictException: Alias already exists: ${arn}:aliased:live`,
  );
  assert.match(await refusalOf(create({ Name: '7' })), /at 'name' failed .* pattern: \(\?!\^\[0-9\]\+\$\)/);
  assert.equal(
    await refusalOf(create({ Name: 'x', FunctionVersion: '9' })),
    `404 ResourceNotFoundException: Function not found: ${arn}:aliased:9`,
  );
  assert.equal(
    await refusalOf(create({ Name: 'x', ...weights({ 1: 0.5 }) })),
    `${invalid} Invalid function version 1. Function version 1 is already included in routing configuration.`,
  );
  assert.match(
    await refusalOf(create({ Name: 'x', ...weights({ 2: 2 }) })),
    /^400 ValidationException: .*Value '\{2=2\.0\}'/,
  );
  const update = (changes: object) =>
    send(new UpdateAliasCommand({ FunctionName: 'aliased', Name: 'live', ...changes }));
  const moved = await update({ FunctionVersion: '2', RoutingConfig: {}, RevisionId: made.RevisionId });
  assert.deepEqual(
    [moved.FunctionVersion, moved.RoutingConfig, moved.Description],
    ['2', undefined, 'for all'],
  );
  assert.match(await refusalOf(update({ RevisionId: made.RevisionId })), /^412 PreconditionFailedException/);
  const { Configuration } = await send(new GetFunctionCommand({ FunctionName: 'aliased:live' }));
  assert.deepEqual([Configuration!.Version, Configuration!.FunctionArn], ['2', `${arn}:aliased:live`]);
  assert.match(
    await refusalOf(send(new DeleteFunctionCommand({ FunctionName: 'aliased:2' }))),
    /^409 ResourceConflictException: Version 2 is used by/,
  );
  const { Aliases } = await send(new ListAliasesCommand({ FunctionName: 'aliased', FunctionVersion: '2' }));
  assert.deepEqual(
    Aliases!.map(({ Name }) => Name),
    ['live'],
  );
  await send(new DeleteAliasCommand({ FunctionName: 'aliased', Name: 'live' }));
  assert.equal(
    await refusalOf(send(new GetAliasCommand({ FunctionName: 'aliased', Name: 'live' }))),
    `404 ResourceNotFoundException: Cannot find alias arn: ${arn}:aliased:live`,
  );
});

test('a function goes with its versions and aliases', async () => {
  await send(new CreateFunctionCommand(madeOf('gone', { Publish: true })));
  await send(new CreateAliasCommand({ FunctionName: 'gone', Name: 'live', FunctionVersion: '1' }));
  assert.equal(
    await refusalOf(send(new DeleteFunctionCommand({ FunctionName: 'gone', Qualifier: '$LATEST' }))),
    '400 InvalidParameterValueException: $LATEST version cannot be deleted without deleting the function.',
  );
  const { $metadata } = await send(new DeleteFunctionCommand({ FunctionName: 'gone' }));
  assert.equal($metadata.httpStatusCode, 204);
  const missing = `404 ResourceNotFoundException: Function not found: ${arn}:gone`;
  assert.equal(await refusalOf(send(new DeleteFunctionCommand({ FunctionName: 'gone' }))), missing);
  assert.equal(await refusalOf(send(new GetFunctionCommand({ FunctionName: 'gone:1' }))), `${missing}:1`);
  const anew = await send(new CreateFunctionCommand(madeOf('gone', { Publish: true })));
  assert.equal(anew.Version, '1');
  assert.match(await refusalOf(send(new GetFunctionCommand({ FunctionName: 'gone:live' }))), /^404/);
});
