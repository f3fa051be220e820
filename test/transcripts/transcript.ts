import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import type { HttpMessage } from '../../src/env/network.ts';
import type { ServerOptions } from '../../src/server/options.ts';
import { operations } from '../../src/services/kinesis/operations.ts';
import { cbor } from '../../src/wire/cbor/cbor.ts';
import { eventStreamType } from '../../src/wire/event-stream.ts';
import { json } from '../../src/wire/json/json.ts';
import { tablesRequest, tablesType } from '../services/dynamodb/tables-request.ts';
import { authorization, Harness, type WholeResponse } from '../services/kinesis/harness.ts';
import { Subscriber } from '../services/kinesis/subscriber.ts';
import type { EventMessage } from '../wire/event-message.ts';
import { cborDiagnostic } from './cbor-diagnostic.ts';
import { layout } from './layout.ts';

/**
 * Plays a transcript and answers it with the answers as they are now. Blocks are separated by empty lines:
 *
 *   # words                       for the reader
 *   ! {"limits": "aws"}           a new server with these options; it is 2023-11-14T22:13:20.123Z
 *   + 100 ms                      time passes; also s, min and h
 *   > PutRecord {…}               a call in JSON, the body sent as it stands; may go on over several lines
 *   > cbor PutRecord {…}          the same call in CBOR
 *   > dynamodb PutItem {…}        a call of DynamoDB
 *   > POST /                      a request as it stands: header lines, `>`, body lines, each after `> `
 *   < 200 {…}                     the answer
 *   < 200 events1                 the answer is a stream of events
 *   ~ events1                     what came of it since, an event a line, and `(end)` after the last one
 *   ~ events1 leaves              the client goes away
 *   @ eu-west-1                   calls are signed for this region from here on
 *
 * In requests `${3*text #}$` stands for text 0, text 1 and text 2. Iterators and page tokens get names when
 * they are answered, `$token1` and so on, and can be used by them.
 */
export async function play(transcript: string): Promise<string> {
  const player = new Player();
  const played: string[] = [];
  for (const block of transcript.trim().split(/\n{2,}/)) played.push(await player.block(block));
  await player.end();
  return `${played.join('\n\n')}\n`;
}

class Player {
  #server: Harness | undefined;
  readonly #subscribers: Subscriber[] = [];
  readonly #names = new Map([['$authorization', authorization]]);
  /** Ids of tables, in the order in which they were told. */
  readonly #tables: string[] = [];

  async block(block: string): Promise<string> {
    if (block.startsWith('!')) await this.#start(JSON.parse(block.slice(1)));
    else if (block.startsWith('+')) await (await this.#running()).clock.advance(millis(block));
    else if (block.startsWith('~')) return this.#events(block.split('\n')[0]!);
    else if (block.startsWith('@')) (await this.#running()).region = block.slice(2);
    else if (block.startsWith('>')) return this.#exchange(block.split(/\n(?=<)/)[0]!);
    else assert.ok(block.startsWith('#'), `what is this? ${block}`);
    return block;
  }

  async end(): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
  }

  async #start(options: Partial<ServerOptions>): Promise<void> {
    await this.end();
    this.#server = await Harness.start(options);
  }

  async #running(): Promise<Harness> {
    if (this.#server === undefined) await this.#start({ limits: 'none' });
    return this.#server!;
  }

  async #exchange(request: string): Promise<string> {
    const server = await this.#running();
    const [, encoding, operation, body = ''] = /^> (cbor |dynamodb )?(\w+)(?: (.*))?$/s.exec(request) ?? [];
    const raw = operation === undefined || httpMethods.includes(operation);
    if (operation === 'SubscribeToShard') return `${request}\n${await this.#subscribe(server, body)}`;
    const response = raw
      ? await server.send(this.#rawRequest(request))
      : await this.#call(server, operation, this.#expand(body), encoding?.trim());
    return `${request}\n${raw ? this.#rawAnswer(response) : this.#answer(response)}`;
  }

  async #call(
    server: Harness,
    operation: string,
    body: string,
    encoding: string | undefined,
  ): Promise<WholeResponse> {
    if (encoding === 'dynamodb') {
      return checkedTables(await server.send(tablesRequest(operation, body, server.region)));
    }
    if (encoding === undefined) return checked(await server.post(operation, body), json.contentType);
    const { input } = operations.get(operation)!;
    const encoded = cbor.encode(json.decode(Buffer.from(body), input), input);
    return checked(await server.post(operation, encoded, cbor.contentType), cbor.contentType);
  }

  async #subscribe(server: Harness, body: string): Promise<string> {
    const response = await server.handle(server.request('SubscribeToShard', this.#expand(body)));
    if (response.status !== 200)
      return this.#answer({ ...response, body: Buffer.from(response.body as Buffer) });
    assert.equal(response.headers['Content-Type'], eventStreamType);
    this.#subscribers.push(new Subscriber(response.body));
    return `< 200 events${this.#subscribers.length}`;
  }

  async #events(line: string): Promise<string> {
    const [, number, leaves] = /^~ events(\d+)( leaves)?$/.exec(line)!;
    const subscriber = this.#subscribers[Number(number) - 1]!;
    if (leaves !== undefined) await subscriber.leave();
    const messages = (await subscriber.messages()).map(eventLine);
    return [line, ...messages, ...(subscriber.ended ? ['(end)'] : [])].join('\n');
  }

  #rawRequest(text: string): HttpMessage {
    const lines = text.split('\n').map((line) => this.#expand(line.replace(/^> ?/, '')));
    const [method = '', target = ''] = lines.shift()!.split(' ');
    const gap = lines.includes('') ? lines.indexOf('') : lines.length;
    const rawHeaders = lines.slice(0, gap).flatMap((line) => line.split(/: (.*)/s, 2));
    return { method, target, rawHeaders, body: Buffer.from(lines.slice(gap + 1).join('\n')) };
  }

  #expand(text: string): string {
    const repeated = text.replace(innermost, (_, count, part) =>
      Array.from({ length: Number(count) }, (_, index) => part.replaceAll('#', String(index))).join(''),
    );
    if (repeated !== text) return this.#expand(repeated);
    return text.replace(/\$[a-z]+\d*/g, (name) => this.#names.get(name) ?? name);
  }

  #answer({ status, body }: WholeResponse): string {
    return `< ${status}${body.length === 0 ? '' : ` ${this.#readable(body)}`}`;
  }

  #rawAnswer({ status, headers, body }: WholeResponse): string {
    const lines = Object.entries(headers).map(
      ([name, value]) => `< ${name}: ${randomHeaders[name] ?? value}`,
    );
    const text =
      body.length === 0
        ? []
        : [
            '<',
            ...this.#readable(body)
              .trimEnd()
              .split('\n')
              .map((line) => `< ${line}`),
          ];
    return [`< ${status}`, ...lines, ...text].join('\n');
  }

  #readable(body: Buffer): string {
    if (body[0] === 0xbf) return cborDiagnostic(body, (text) => this.#nameOf(text) ?? text);
    if (body[0] !== 0x7b) return String(body).replace(idInXml, '<RequestId>a UUID</RequestId>');
    const said = String(body).replace(engineInHealth, '"engine":"the one under test"');
    return layout(JSON.parse(said, (key, value) => this.#nameOf(value, key) ?? value));
  }

  /** What begins as every sealed token does is one. */
  #nameOf(value: unknown, key = ''): string | undefined {
    if (typeof value === 'string' && key === 'TableId') return this.#tableOf(value);
    if (typeof value !== 'string' || !value.startsWith('AAAAAAAAAA') || value.length < 60) return undefined;
    const known = [...this.#names].find(([, token]) => token === value)?.[0];
    const name = known ?? `$token${this.#names.size}`;
    this.#names.set(name, value);
    return name;
  }

  /** What is drawn at random before differs from engine to engine. */
  #tableOf(id: string): string {
    assert.match(id, uuid);
    if (!this.#tables.includes(id)) this.#tables.push(id);
    return `the UUID of table ${this.#tables.indexOf(id) + 1}`;
  }
}

/** A message on one line. Only an exception says that it is one. */
function eventLine({ headers, payload }: EventMessage): string {
  assert.equal(headers[':content-type'], 'application/json');
  const { ':event-type': event, ':exception-type': exception } = headers;
  assert.equal(headers[':message-type'], event === undefined ? 'exception' : 'event');
  const name = event ?? `exception ${exception}`;
  return `${name} ${layout(JSON.parse(String(payload)), '', Number.POSITIVE_INFINITY)}`;
}

/** `${3*text}$` without another in it. */
const innermost = /\$\{(\d+)\*((?:(?!\$\{).)*?)\}\$/gs;

const httpMethods = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'];

const engineInHealth = /"engine":"(memory|kafka)"/;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Their form is checked below. */
const idInXml = /<RequestId>[0-9a-f-]{36}<\/RequestId>/;
const randomHeaders: Record<string, string> = {
  'x-amzn-RequestId': 'a UUID',
  'x-amz-id-2': '72 bytes in base64',
};

function checked(response: WholeResponse, contentType: string): WholeResponse {
  assert.equal(response.headers['Content-Type'], contentType);
  assert.match(response.headers['x-amzn-RequestId']!, uuid);
  assert.equal(Buffer.from(response.headers['x-amz-id-2']!, 'base64').length, 72);
  checkErrorType(response);
  return response;
}

/** Every answer of DynamoDB has the checksum of its body. */
function checkedTables(response: WholeResponse): WholeResponse {
  assert.equal(response.headers['Content-Type'], tablesType);
  assert.equal(response.headers['x-amz-crc32'], String(crc32(response.body)));
  return response;
}

/** An error is named in a header as in the body, and nothing else is. */
function checkErrorType({ status, headers, body }: WholeResponse): void {
  const type = headers['x-amzn-ErrorType'];
  assert.equal(type === undefined, status === 200);
  // The bytes between the two depend on the encoding.
  if (type !== undefined) assert.match(String(body), RegExp(`__type.{1,3}${type}`, 's'));
}

function millis(block: string): number {
  const [, amount, unit] = /^\+ (\d+) (ms|s|min|h)$/.exec(block)!;
  return Number(amount) * { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }[unit as 'ms' | 's' | 'min' | 'h'];
}
