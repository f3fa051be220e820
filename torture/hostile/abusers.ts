import { setTimeout as sleep } from 'node:timers/promises';
import { Signer } from '../../harness/signer.ts';
import { Client } from '../client.ts';
import { bodyInOneByteChunks, headOf } from './http1.ts';
import { data, endStream, headers, opening, requestHeaders, reset } from './http2.ts';
import { amount, type Input, linesTo, lineTo, type Scene } from './input.ts';
import type { Line } from './line.ts';
import { crewStream, graceMs, requestMs, unreadMs } from './target.ts';

/** SubscribeToShard, taken back in its first milliseconds. */
const earlyCancelHttp2: Input = {
  name: 'early-cancel-http2',
  over: ['clear', 'tls'],
  async run(scene) {
    const turns = amount(scene, 6, 40);
    scene.gauge.allow(turns * pageBytes);
    for (let turn = 0; turn < turns; turn++) {
      const line = await lineTo(scene);
      line.say(Buffer.concat([opening, subscriptionFrames(scene, turn)]));
      await sleep(turn % 6);
      line.say(reset(1, 8));
      await line.waitsFor(() => line.heardBytes > 0, answerMs);
      line.reset();
    }
    return [];
  },
};

/** The same in HTTP/1.1: the connection is reset. */
const earlyCancelHttp1: Input = {
  name: 'early-cancel-http1',
  over: ['clear', 'tls'],
  async run(scene) {
    const turns = amount(scene, 6, 40);
    scene.gauge.allow(turns * pageBytes);
    for (let turn = 0; turn < turns; turn++) {
      const line = await lineTo(scene);
      line.say(subscriptionText(scene, turn, ['Connection: close']));
      await sleep(turn % 6);
      line.reset();
    }
    return [];
  },
};

/** Asks for more than all answers together may hold, and reads none. */
const unreadRecords: Input = {
  name: 'unread-records',
  over: ['clear'],
  isLasting: true,
  async run(scene) {
    const { port, largeRecords } = scene.target;
    const iterators = await iteratorsAt(port, largeRecords);
    const lines = await linesTo(scene, amount(scene, 30, 60));
    scene.gauge.allow(lines.length * pageBytes);
    for (const [nth, line] of lines.entries()) {
      const asked = { ShardIterator: iterators[nth % iterators.length], Limit: 1 };
      const body = Buffer.from(JSON.stringify(asked));
      line.say(new Signer(port).request('GetRecords', body));
      // Pages that are made at the same time are smaller.
      await line.waitsFor(() => line.heardBytes > 0, answerMs);
      line.stopListening();
    }
    await sleep(unreadMs + graceMs);
    const left = await stillOpen(lines);
    for (const line of lines) line.reset();
    if (left === 0) return [];
    return [
      `descriptors: ${left} of ${lines.length} connections went on that had read nothing of 10 MB for over 75 s`,
    ];
  },
};

/** A record of 10 MB, which is base64 in JSON. */
const pageBytes = Math.ceil((10_000_000 * 4) / 3);

async function iteratorsAt(port: number, numbers: readonly string[]): Promise<string[]> {
  const client = new Client('abuser', () => port);
  const iterators: string[] = [];
  for (const StartingSequenceNumber of numbers) {
    const answer = await client.call<{ ShardIterator: string }>('GetShardIterator', {
      StreamName: crewStream,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber,
    });
    if (answer.kind === 'output') iterators.push(answer.output.ShardIterator);
  }
  client.close();
  return iterators;
}

/** How many of them come to the end of their answer, now that they are read. A refusal is an end as well. */
async function stillOpen(lines: readonly Line[]): Promise<number> {
  const isWhole = (line: Line) => line.heardBytes >= pageBytes * wholeShare;
  const reads = lines.map(async (line) => {
    line.listen();
    return (await line.waitsFor(() => isWhole(line), readingMs)) && !line.isClosed;
  });
  return (await Promise.all(reads)).filter((isOpen) => isOpen).length;
}

const readingMs = 30_000;

/** Less than a page can be, as its records are a little under 10 MB, and more than the kernel keeps. */
const wholeShare = 0.95;

/**
 * A body that is signed as a whole and comes in chunks of one byte. It is a good request, and gets a good
 * answer.
 */
const signedOneByteChunks: Input = {
  name: 'signed-one-byte-chunks',
  over: ['clear', 'tls'],
  async run(scene) {
    const { port } = scene.target;
    const record = {
      StreamName: crewStream,
      PartitionKey: 'slow',
      Data: Buffer.alloc(3_000).toString('base64'),
    };
    const body = Buffer.from(JSON.stringify(record));
    const line = await lineTo(scene);
    const signed = new Signer(port).headers('PutRecord', body);
    line.say(headOf(port, signed, ['Transfer-Encoding: chunked']));
    line.say(bodyInOneByteChunks(body));
    const isServed = await line.hears('HTTP/1.1 200', requestMs);
    line.reset();
    if (isServed || line.isClosed) return [];
    return [`unserved: a signed put in chunks of one byte: ${line.heard.toString('latin1', 0, 80)}`];
  },
};

/** What a consumer says in HTTP/2 to have records pushed to it. */
export function subscriptionFrames(scene: Scene, nth: number): Buffer {
  const { port } = scene.target;
  const body = subscriptionBody(scene, nth);
  const own = {
    ...new Signer(port).headers('SubscribeToShard', body),
    'content-length': String(body.length),
  };
  return Buffer.concat([headers(1, requestHeaders(`127.0.0.1:${port}`, own)), data(1, body, endStream)]);
}

/** The same in HTTP/1.1. */
export function subscriptionText(scene: Scene, nth: number, more: readonly string[] = []): Buffer {
  const { port } = scene.target;
  const body = subscriptionBody(scene, nth);
  const signed = new Signer(port).headers('SubscribeToShard', body);
  return Buffer.concat([headOf(port, signed, [...more, `Content-Length: ${body.length}`]), body]);
}

/** A consumer is let in again only some seconds after it was: they take turns. */
function subscriptionBody({ target, secure }: Scene, nth: number): Buffer {
  const { consumers } = target;
  const ConsumerARN = consumers[(nth * 2 + (secure ? 1 : 0)) % consumers.length];
  const StartingPosition = { Type: nth % 4 === 0 ? 'TRIM_HORIZON' : 'LATEST' };
  return Buffer.from(JSON.stringify({ ConsumerARN, ShardId: 'shardId-000000000000', StartingPosition }));
}

const answerMs = 30_000;

/** In the order in which they are done. */
export const abusers: readonly Input[] = [
  unreadRecords,
  earlyCancelHttp2,
  earlyCancelHttp1,
  signedOneByteChunks,
];
