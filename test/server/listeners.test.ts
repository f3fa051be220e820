import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { type AgentOptions, Agent as PlainAgent, type RequestOptions, request } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { Agent, request as requestTls } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type LogFields, silentLogger } from '../../src/env/logger.ts';
import type { Endpoint, Peer } from '../../src/env/network.ts';
import { StartError } from '../../src/env/start-error.ts';
import { canSharePorts } from '../../src/http/shared-port.ts';
import { nodeEnv } from '../../src/server/node-env.ts';
import { defaultOptions, type ServerOptions } from '../../src/server/options.ts';
import { type Server, startServer } from '../../src/server/server.ts';
import { certifyClient, makeClientAuthority } from '../http/tls/client-certificates.ts';
import { authorization, jsonType } from '../services/kinesis/harness.ts';
import { temporaryDirectory } from './process.ts';
import { startTestServer } from './server-under-test.ts';

const canShare = await canSharePorts();
const fleets = [0, 2].map((workers) => ({
  workers,
  skip: workers > 0 && !canShare ? 'this system does not spread the connections of a port' : false,
}));

const call = {
  'x-amz-target': 'Kinesis_20131202.ListStreams',
  'x-amz-date': '20260709T123000Z',
  'content-type': jsonType,
  authorization,
};

for (const { workers, skip } of fleets) {
  test(`threads and Unix sockets say by which listener a request came: ${workers} workers`, {
    skip,
  }, async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'socket');
    const credentials = join(directory.path, 'users');
    writeFileSync(credentials, '[x]\naws_access_key_id = KNOWN\naws_secret_access_key = s\n', {
      mode: 0o600,
    });
    const listen = `vpce-a=127.0.0.1:0,vpce-b=127.0.0.1:0,admin=unix:${path}`;
    const { server, refused } = await watched({ workers, listen, credentials });
    await using _ = server;
    const [standard, a, b, file] = server.endpoints;
    assert.deepEqual(server.endpoint, standard);
    assert.deepEqual([a!.name, b!.name, file], ['vpce-a', 'vpce-b', { name: 'admin', path }]);
    const ports = [standard, a, b] as Endpoint[];
    assert.equal(new Set(ports.map(({ port }) => port)).size, 3);
    for (const { port, name } of ports) {
      const listener = `127.0.0.1:${port}`;
      const expected = { address: '127.0.0.1', secure: false, listener, ...(name && { vpce: name }) };
      // Each thread has some of the connections.
      for (let times = 0; times < 3; times++) {
        assert.equal((await ask({ port })).status, 400);
        assert.deepEqual(await refused(), expected);
      }
      assert.equal(await askHttp2(() => connect(port, '127.0.0.1')), 400);
      assert.deepEqual(await refused(), expected);
    }
    assert.equal((await ask({ socketPath: path })).status, 400);
    const unix = { address: '', secure: false, listener: `unix:${path}`, vpce: 'admin' };
    assert.deepEqual(await refused(), unix);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    await server.close();
    assert.ok(!existsSync(path));
    for (const { port } of ports) await assert.rejects(ask({ port }), { code: 'ECONNREFUSED' });
  });

  test(`--require-tls refuses what comes over a port in the clear: ${workers} workers`, {
    skip,
  }, async () => {
    using directory = temporaryDirectory();
    const socketPath = join(directory.path, 'socket');
    const listen = `admin=unix:${socketPath},vpce-a=127.0.0.1:0`;
    await using server = await startTestServer({ workers, listen, requireTls: true });
    for (const { port } of server.endpoints.filter((place) => 'port' in place)) {
      const plain = await ask({ port });
      assert.equal(plain.status, 400);
      assert.match(plain.body, /^\{"__type":"AccessDeniedException","message":".*--require-tls/);
      const query = await ask({ port, headers: stsCall }, 'Action=GetCallerIdentity&Version=2011-06-15');
      assert.match(query.body, /^<ErrorResponse[\s\S]*<Code>AccessDenied[\s\S]*--require-tls/);
      assert.equal(await askHttp2(() => connect(port, '127.0.0.1')), 400);
      const health = await ask({ port, method: 'GET', path: '/health', headers: {} }, '');
      assert.equal(health.status, 200);
      const secured = await ask({ port }, '{}', { rejectUnauthorized: false });
      assert.match(secured.body, /"StreamNames"/);
    }
    assert.equal((await ask({ socketPath })).status, 200);
  });

  test(`clients show certificates, and new authorities are taken over: ${workers} workers`, {
    skip,
  }, async () => {
    using directory = temporaryDirectory();
    const clientCa = join(directory.path, 'ca.pem');
    const [old, young] = await Promise.all([makeClientAuthority(), makeClientAuthority()]);
    writeFileSync(clientCa, old.certificate);
    await using server = await startTestServer({ workers, clientCa });
    const { port } = server.endpoint;
    const [first, second] = await Promise.all([certifyClient(old), certifyClient(young)]);
    const show = ({ key, certificate }: { key: string; certificate: string }) =>
      ask({ port }, '{}', { rejectUnauthorized: false, key, cert: certificate });
    assert.equal((await show(first)).status, 200);
    await assert.rejects(show(second));
    assert.match((await ask({ port })).body, /--require-tls/);
    writeFileSync(clientCa, young.certificate);
    await server.reload();
    for (let times = 0; times < 4; times++) {
      assert.equal((await show(second)).status, 200);
      await assert.rejects(show(first));
    }
    writeFileSync(clientCa, 'nonsense');
    await server.reload();
    assert.equal((await show(second)).status, 200);
  });
}

test('a server with a listener beyond loopback is not open, and Unix sockets are of this machine', async () => {
  using directory = temporaryDirectory();
  const listen = `x=unix:${join(directory.path, 'socket')}`;
  assert.match(await opening({ listen: `${listen},y=0.0.0.0:0` }), /InvalidSignature|UnrecognizedClient/);
  assert.match(await opening({ listen: `${listen},y=127.0.0.2:0` }), /"StreamNames"/);
  await using server = await startTestServer({ host: '0.0.0.0', port: 'none', workers: 2, listen });
  assert.deepEqual(server.endpoint, { host: '', port: 0 });
  assert.equal(server.url, listen.replace('x=', ''));
});

test('the official client speaks over a Unix socket, as the handbook has it', async () => {
  using directory = temporaryDirectory();
  const socketPath = join(directory.path, 'socket');
  await using server = await startTestServer({ port: 'none', listen: `admin=unix:${socketPath}` });
  // Node's types leave out that an agent takes any option of its connections.
  const options: AgentOptions = Object.assign({ keepAlive: true }, { socketPath });
  const requestHandler = new NodeHttpHandler({ httpAgent: new PlainAgent(options) });
  const client = new KinesisClient({
    ...server.clientConfig,
    endpoint: 'http://localhost',
    requestHandler,
  });
  assert.deepEqual((await client.send(new ListStreamsCommand())).StreamNames, []);
  client.destroy();
});

test('options that do not fit are refused, and nothing is left behind', async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'socket');
  const file = join(directory.path, 'ca.pem');
  writeFileSync(file, 'nonsense');
  const refused: [Partial<ServerOptions>, string][] = [
    [{ clientCertificates: 'optional' }, '--client-certificates needs --client-ca, which says whose'],
    [{ clientCa: file }, `cannot use ${file} for clients: there is no PEM certificate in it`],
    [{ listen: 'a' }, "listen must be NAME=ADDRESS:PORT or NAME=unix:/path, several by commas, not 'a'"],
    [{ port: 'none' }, 'without a port the server needs --listen'],
    [{ listen: `a=unix:${path},b=unix:${file}` }, `cannot listen on ${file}: it is not a socket`],
  ];
  for (const [options, message] of refused) {
    await assert.rejects(startTestServer(options), { name: 'StartError', message });
  }
  assert.ok(!existsSync(path));
});

/** What a server says to a call that nobody has signed, or why it does not start. */
async function opening(options: Partial<ServerOptions>): Promise<string> {
  try {
    await using server = await startTestServer(options);
    return (await ask({ port: server.endpoint.port })).body;
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
}

const stsCall = {
  'content-type': 'application/x-www-form-urlencoded',
  'x-amz-date': call['x-amz-date'],
  authorization: authorization.replace('/kinesis/', '/sts/').replace(';x-amz-target', ''),
};

type Answer = { readonly status: number; readonly body: string };

/** One request on a connection of its own; over TLS where options for that are given. */
async function ask(to: RequestOptions, body = '{}', tls?: object): Promise<Answer> {
  const options = { host: '127.0.0.1', method: 'POST', headers: call, agent: false as const, ...to };
  const asked = tls === undefined ? request(options) : requestTls({ ...options, agent: new Agent(), ...tls });
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  asked.on('error', reject).on('response', (response) => {
    text(response).then((heard) => resolve({ status: response.statusCode!, body: heard }), reject);
  });
  asked.end(body);
  return await promise;
}

async function askHttp2(createConnection: () => ReturnType<typeof connect>): Promise<unknown> {
  const session = connectHttp2('http://localhost', { createConnection });
  const stream = session.request({ ':method': 'POST', ...call });
  stream.end('{}');
  const [answer] = await once(stream, 'response');
  session.destroy();
  return answer[':status'];
}

/** A server, and the peers of the requests that it refuses, one after the other. */
async function watched(
  options: Partial<ServerOptions>,
): Promise<{ server: Server; refused: () => Promise<Peer> }> {
  const peers: Peer[] = [];
  let heard = Promise.withResolvers<void>();
  const debug = (_message: string, fields?: LogFields) => {
    if (fields?.['peer'] === undefined) return;
    peers.push(fields['peer'] as Peer);
    heard.resolve();
  };
  const settings = { ...defaultOptions, memory: true, port: 0, logLevel: 'debug', ...options } as const;
  const server = await startServer(settings, { ...nodeEnv(settings), logger: { ...silentLogger, debug } });
  const refused = async () => {
    while (peers.length === 0) {
      await heard.promise;
      heard = Promise.withResolvers();
    }
    return peers.shift()!;
  };
  return { server, refused };
}
