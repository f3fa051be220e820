import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerOf, HonestCatalog } from '../../harness/iceberg/honest-catalog.ts';
import { MapStore } from '../../harness/iceberg/map-store.ts';
import type { ClientSend } from '../../src/env/http-client.ts';
import { openCatalog } from '../../src/iceberg/open-catalog.ts';
import { type RestWorld, scopeOf } from '../../src/iceberg/rest/rest-requests.ts';
import { TestRandom } from '../log/world.ts';
import { ManualClock } from '../services/kinesis/manual-clock.ts';

const name = { namespace: 'flights', table: 'seen' };
const schema = { fields: [{ id: 1, name: 'n', required: false, type: { kind: 'int' } as const }] };
const json = { 'content-type': 'application/json' };

function open(world: Pick<RestWorld, 'client'> & Partial<RestWorld>, url: string, warehouse?: string) {
  const objects = new MapStore();
  const rest = { clock: new ManualClock(), signing: undefined, bearer: undefined, ...world };
  const signs = rest.signing === undefined ? 'none' : 'sigv4';
  const spec = { kind: 'rest', url, warehouse, signs } as const;
  return openCatalog(spec, { ...rest, random: new TestRandom(1), objects });
}

test('S3 Tables is asked with signed requests, for a warehouse, under the prefix that it says', async () => {
  const catalog = new HonestCatalog(new MapStore(), 's3://bucket');
  const arn = 'arn:aws:s3tables:eu-west-1:111122223333:bucket/lake';
  catalog.overrides = { prefix: encodeURIComponent(arn) };
  const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };
  const world = { client: catalog, signing: { credentials, region: 'us-east-1' } };
  await open(world, 'https://s3tables.eu-west-1.amazonaws.com/iceberg', arn).create(name, { schema });
  const [config, created] = catalog.requests;
  assert.equal(config?.path, `/iceberg/v1/config?warehouse=${encodeURIComponent(arn)}`);
  assert.equal(created?.path, `/iceberg/v1/${encodeURIComponent(arn)}/namespaces/flights/tables`);
  for (const { headers } of catalog.requests) {
    assert.match(
      headers['authorization'] ?? '',
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/s3tables\/aws4_request, /,
    );
  }
});

test('requests are signed for the service and the region of the host', () => {
  const scopes = ['https://glue.us-west-2.amazonaws.com/iceberg', 'http://localhost:4567'].map((url) =>
    scopeOf(new URL(url), 'eu-north-1'),
  );
  assert.deepEqual(scopes, [
    { service: 'glue', region: 'us-west-2' },
    { service: 's3tables', region: 'eu-north-1' },
  ]);
});

test('a token is asked for once, again before it is over, and again when the catalog does not take it', async () => {
  const catalog = new HonestCatalog(new MapStore(), 's3://bucket');
  const forms: string[] = [];
  let isTaken = true;
  const client = {
    async send(sent: ClientSend) {
      if (sent.url.endsWith('/oauth/tokens')) {
        forms.push(String(sent.body));
        isTaken = true;
        const body = Buffer.from(`{"access_token":"token-${forms.length}","expires_in":100}`);
        return { status: 200, headers: json, body };
      }
      assert.equal(sent.headers['authorization'], `Bearer token-${forms.length}`);
      return isTaken ? await catalog.send(sent) : answerOf({ status: 401, json: {} });
    },
  };
  const clock = new ManualClock();
  const bearer = { clientId: 'me', clientSecret: 'a b&c' };
  const opened = open({ client, clock, bearer }, 'http://catalog');
  assert.equal(await opened.load(name), undefined);
  assert.deepEqual(forms, ['grant_type=client_credentials&client_id=me&client_secret=a+b%26c&scope=catalog']);
  await clock.advance(95_000);
  await opened.load(name);
  assert.equal(forms.length, 2);
  isTaken = false;
  await opened.load(name);
  assert.equal(forms.length, 3);
});

test('a catalog is left to say that it is elsewhere', async () => {
  const catalog = new HonestCatalog(new MapStore(), 's3://bucket');
  catalog.overrides = { uri: 'http://elsewhere/catalog/' };
  const hosts: string[] = [];
  const client = {
    async send(sent: ClientSend) {
      hosts.push(new URL(sent.url).host);
      return await catalog.send(sent);
    },
  };
  await open({ client }, 'http://catalog').load(name);
  assert.deepEqual(hosts, ['catalog', 'elsewhere']);
});

test('what a catalog refuses is said in its words, and does not pass', async () => {
  const said = { error: { message: 'not yours', type: 'ForbiddenException', code: 403 } };
  const answers = [
    [
      answerOf({ status: 403, json: said }),
      { code: 'AccessDenied', passes: false, message: /403 ForbiddenException: not yours/ },
    ],
    [
      { status: 503, headers: {}, body: Buffer.from('<html>') },
      { code: 'Unavailable', passes: true },
    ],
    [
      { status: 200, headers: {}, body: Buffer.from('<html>') },
      { code: 'Refused', passes: false, message: /no REST catalog/ },
    ],
  ] as const;
  for (const [answer, error] of answers) {
    const opened = open({ client: { send: async () => answer } }, 'http://catalog');
    await assert.rejects(opened.load(name), error);
  }
  const refused = { send: () => Promise.reject(new Error('connect ECONNREFUSED')) };
  await assert.rejects(open({ client: refused }, 'http://catalog').load(name), {
    code: 'Unreachable',
    passes: true,
  });
});
