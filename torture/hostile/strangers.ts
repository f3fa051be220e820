import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../client.ts';
import { answersIn, bodyInOneByteChunks, healthRequest, strangeHead, strangeRequest } from './http1.ts';
import {
  acknowledged,
  data,
  endHeaders,
  frame,
  frameTypes,
  headerBlock,
  headers,
  opening,
  requestHeaders,
  reset,
} from './http2.ts';
import { amount, type Input, linesTo, lineTo, type Scene } from './input.ts';
import type { Line } from './line.ts';
import { crewStream, graceMs, headMs, requestMs, unreadMs } from './target.ts';
import { record, recordTypes } from './tls.ts';

/** A request that waits to be told to go on, and is taken back in the same packet. */
const expectThenReset: Input = {
  name: 'expect-then-reset',
  over: ['clear', 'tls'],
  async run(scene) {
    for (let turn = 0; turn < amount(scene, 2, 10); turn++) {
      for (const code of [0, 1, 2, 5, 8]) {
        const line = await lineTo(scene);
        const asked = requestHeaders('stranger', { expect: '100-continue', 'content-length': '1000' });
        line.say(Buffer.concat([opening, headers(1, asked), reset(1, code), echo]));
        await hearsEcho(line);
        line.reset();
      }
    }
    return [];
  },
};

/**
 * A ping. What was said before it was looked at when it is answered: a reset earlier would take it back
 * unread.
 */
const echo = frame(frameTypes.ping, 0, 0, Buffer.from('looked @'));

async function hearsEcho(line: Line): Promise<void> {
  await line.waitsFor(() => line.heard.includes('looked @'), requestMs + graceMs);
}

/** A body in chunks of one byte: what is kept of it must follow its bytes. */
const oneByteChunks: Input = {
  name: 'one-byte-chunks',
  over: ['clear'],
  async run(scene) {
    const line = await lineTo(scene);
    line.say(strangeHead(undefined));
    line.say(bodyInOneByteChunks(Buffer.alloc(amount(scene, 700_000, 14_000_000), 'x')));
    await line.hears('HTTP/1.1 ', requestMs + graceMs);
    line.reset();
    return [];
  },
};

/**
 * The same in HTTP/2: frames of one byte, many in a packet, and then one in a packet that is full of frames
 * of no known type, which every server must ignore (RFC 9113 §5.5). A byte that is kept must not keep its
 * packet.
 */
const oneByteFrames: Input = {
  name: 'one-byte-frames',
  over: ['clear', 'tls'],
  async run(scene) {
    const lines = await linesTo(scene, amount(scene, 2, 6));
    for (const line of lines) {
      line.say(opening);
      await line.waitsFor(() => line.heardBytes > 0, answerMs);
      line.say(Buffer.concat([headers(1, requestHeaders('stranger', {})), oneByteData(1)]));
      line.say(headers(lonely, requestHeaders('stranger', {})));
      for (let count = 0; count < (scene.secure ? 200 : packetsMax) && !line.isClosed; count++) {
        line.say(packet);
        await line.drained();
      }
      // The bodies go on, so they are held.
      line.say(echo);
      await hearsEcho(line);
    }
    for (const line of lines) line.reset();
    return [];
  },
};

/** As long as a frame may be (RFC 9113 §4.2), of a type that is kept free (§5.5). */
const unknown = frame(0xfa, 0, 0, Buffer.alloc(16_384));
const lonely = 3;
const packet = Buffer.concat([unknown, unknown, unknown, data(lonely, Buffer.of(1))]);
/** nghttp2 ends a session after ten thousand frames of no known type. */
const packetsMax = 3_000;

/** A stream's first window (RFC 9113 §6.5.2), in frames of one byte. */
function oneByteData(stream: number): Buffer {
  const one = data(stream, Buffer.from('x'));
  const all = Buffer.allocUnsafe(65_535 * one.length);
  for (let at = 0; at < all.length; at += one.length) all.set(one, at);
  return all;
}

/** What all bodies together may hold: docs/operating.md. */
const budgetBytes = 256 * 1024 * 1024;

/** Bodies that are promised and do not come: others must not pay for the promise. */
const emptyPromises: Input = {
  name: 'empty-promises',
  over: ['clear'],
  async run(scene) {
    const lines: Line[] = [];
    // Each size fits in what the one before may have left, until there is no room for a small put. A size is
    // said when the one before was taken, or refused in part: there is no order among connections.
    for (const bytes of promisedBytes) {
      const ofSize = await linesTo(scene, promisesEach);
      for (const line of ofSize) line.say(strangeHead(bytes));
      const refused = ofSize.map((line) => line.waitsFor(() => line.heardBytes > 0, takenMs));
      await Promise.race([...refused.map(whenTrue), Promise.all(refused)]);
      lines.push(...ofSize);
    }
    const broken = new Set<string>();
    for (let nth = 0; nth < 5; nth++) {
      await sleep(amount(scene, 50, 1_000));
      const refusal = await putRefused(scene.target.port);
      if (refusal !== undefined)
        broken.add(`unserved: while bodies are promised a put is answered ${refusal}`);
    }
    for (const line of lines) line.reset();
    return [...broken];
  },
};

const promisesEach = 60;

/** A busy server takes sixty heads in much less. */
const takenMs = 1_000;

/** Resolves when what is promised is true; else never. */
async function whenTrue(promised: Promise<boolean>): Promise<void> {
  if (!(await promised)) await new Promise(() => {});
}

const promisedBytes = [budgetBytes / 40, 120_000, 2_000, 40].map(Math.floor);

/** Puts a record as an honest client does. Answers why it was not taken; undefined when it was. */
async function putRefused(port: number): Promise<string | undefined> {
  const client = new Client('passer-by', () => port);
  const put = { StreamName: crewStream, PartitionKey: 'small', Data: 'eA==' };
  const answer = await client.call('PutRecord', put);
  client.close();
  return answer.kind === 'output' ? undefined : JSON.stringify(answer);
}

/** Bodies of any size that come at a few bytes a second: they come to an end, by either side. */
const slowBodies: Input = {
  name: 'slow-bodies',
  over: ['clear', 'tls'],
  isLasting: true,
  async run(scene) {
    const lines = await linesTo(scene, amount(scene, 2, 20));
    for (const line of lines) line.say(strangeHead(5_000_000));
    const drip = Buffer.alloc(200, 'x');
    for (let waitedMs = 0; waitedMs < requestMs + graceMs; waitedMs += 1_000) {
      for (const line of lines) line.say(drip);
      await sleep(1_000);
      if (lines.every(({ isClosed }) => isClosed)) break;
    }
    const left = lines.filter(({ isClosed }) => !isClosed);
    for (const line of left) line.reset();
    if (left.length === 0) return [];
    return [`descriptors: ${left.length} of ${lines.length} slow bodies went on for over 75 s`];
  },
};

/**
 * Requests by the hundred in one packet, on several connections, and then those of others, some for each
 * thread. What is judged is an order, not a time: of several tries, in one at least they must have their
 * answers well before the crowd has its own.
 */
const crowds: Input = {
  name: 'crowds',
  over: ['clear'],
  run: (scene) => crowdsOf(scene, strangeRequest(1)),
};

/** The same with requests that are not plain, which node:http serves. */
const crowdsNotPlain: Input = {
  name: 'crowds-not-plain',
  over: ['clear'],
  run: (scene) => crowdsOf(scene, Buffer.from('GET /nothing HTTP/1.1\r\nHost: stranger\r\n\r\n')),
};

async function crowdsOf(scene: Scene, request: Buffer): Promise<readonly string[]> {
  let best = 1;
  for (let attempt = 0; attempt < 20 && best > shareMax; attempt++) {
    best = Math.min(best, await crowd(scene, request));
  }
  if (best <= shareMax) return [];
  const share = Math.round(best * 100);
  return [`unserved: /health waited each time until ${share} % of pipelined requests were answered`];
}

/**
 * A thread that serves one connection after the other to its end comes to half at least: of two threads one
 * has half of them.
 */
const shareMax = 0.3;

/** The share of the crowd's requests that was answered when the last of the others had its answer. */
async function crowd(scene: Scene, request: Buffer): Promise<number> {
  const each = 600;
  const burst = Buffer.concat(Array.from({ length: each }, () => request));
  const lines = await linesTo(scene, amount(scene, 10, 50));
  const others = await linesTo(scene, 8);
  let answers = 0;
  for (const line of lines) {
    line.follow((bytes) => {
      answers += answersIn(bytes);
    });
    line.say(burst);
  }
  for (const other of others) other.say(healthRequest);
  await Promise.all(others.map((other) => other.hears('"ok"', answerMs)));
  const share = answers / (each * lines.length);
  for (const line of [...lines, ...others]) line.reset();
  return share;
}

/** The same for long: as much as each connection can be made to take. */
const pipelines: Input = {
  name: 'pipelines',
  over: ['clear'],
  async run(scene) {
    const megabyte = Buffer.concat(Array.from({ length: 10_000 }, () => strangeRequest(1)));
    const lines = await linesTo(scene, amount(scene, 2, 50));
    for (const line of lines) line.say(megabyte);
    await sleep(amount(scene, 500, 10_000));
    for (const line of lines) line.reset();
    return [];
  },
};

/** Requests by the thousand whose answers are not read. */
const unreadPipelines: Input = {
  name: 'unread-pipelines',
  over: ['clear'],
  isLasting: true,
  async run(scene) {
    const requests = Buffer.concat(Array.from({ length: 40_000 }, () => strangeRequest(1)));
    const lines = await linesTo(scene, amount(scene, 1, 10), { hears: false });
    for (const line of lines) line.say(requests);
    await sleep(unreadMs + graceMs);
    let left = 0;
    for (const line of lines) {
      // What the kernel kept comes first, and then its end, or more than it can have kept.
      line.listen();
      await line.waitsFor(() => line.heardBytes > keptByKernelBytes, answerMs);
      if (!line.isClosed) left += 1;
      line.reset();
    }
    if (left === 0) return [];
    return [`descriptors: ${left} connections went on that had read no answer for over 75 s`];
  },
};

/** More than the buffers of both sockets hold (tcp(7): tcp_wmem, tcp_rmem). */
const keptByKernelBytes = 11 * 1024 * 1024;

/** A header block that does not end. */
const endlessHeaders: Input = {
  name: 'endless-headers',
  over: ['clear', 'tls'],
  isLasting: true,
  async run(scene) {
    const line = await lineTo(scene);
    const asked = requestHeaders('stranger', {});
    line.say(Buffer.concat([opening, headers(1, asked, 0)]));
    // A little more comes later: the whole may take so long, not each part.
    await line.endsWithin(headMs / 2);
    line.say(frame(frameTypes.continuation, 0, 1, headerBlock([['x-more', 'x']])));
    await line.endsWithin(headMs / 2 + graceMs);
    const hasEnded = line.isClosed;
    line.reset();
    return hasEnded ? [] : ['descriptors: a header block of HTTP/2 that does not end went on for over 25 s'];
  },
};

/** More headers than node:http takes: every way in has the same bound. */
const manyHeaders: Input = {
  name: 'many-headers',
  over: ['clear', 'tls'],
  async run(scene) {
    const line = await lineTo(scene);
    const many = Array.from({ length: 2_100 }, () => 'a: ');
    line.say(Buffer.concat([strangeHead(1, many), Buffer.from('x')]));
    await line.hears('HTTP/1.1 ', answerMs);
    const status = line.heard.toString('latin1', 9, 12);
    line.reset();
    return status === '431'
      ? []
      : [`served: a head of 2,100 headers is answered with ${status || 'nothing'}`];
  },
};

/** Handshake after handshake on one connection, each dearer to the server than to the client. */
const renegotiation: Input = {
  name: 'renegotiation',
  over: ['tls'],
  async run(scene) {
    const line = await lineTo(scene, { tlsVersionMax: 'TLSv1.2' });
    let done = 0;
    const wanted = amount(scene, 12, 300);
    while (done < wanted && !line.isClosed && (await renegotiate(line))) done++;
    line.reset();
    if (done <= renegotiationsMax) return [];
    return [`served: ${done} renegotiations of TLS on one connection`];
  },
};

/** Node's own limit, in ten minutes (nodejs.org/api/tls.html, tls.CLIENT_RENEG_LIMIT). */
const renegotiationsMax = 3;

async function renegotiate(line: Line): Promise<boolean> {
  const done = new Promise<boolean>((resolve) => {
    line.asTls.renegotiate({ rejectUnauthorized: false }, (error) => resolve(error === null));
  });
  const tooLate = new AbortController();
  const never = sleep(2_000, false, { signal: tooLate.signal }).catch(() => false);
  const outcome = await Promise.race([done, line.closed.then(() => false), never]);
  tooLate.abort();
  return outcome;
}

/** What is no record of TLS, after the handshake. */
const garbageRecord: Input = {
  name: 'garbage-record',
  over: ['tls'],
  isLasting: true,
  async run(scene) {
    const line = await lineTo(scene, { outlivesTls: true });
    // A request first, so that it is an idle connection that the garbage comes to.
    line.say(strangeRequest(1));
    await line.hears('HTTP/1.1 ', answerMs);
    line.sayBelow(record(recordTypes.application, scene.random.bytes(100)));
    const hasEnded = await line.endsWithin(headMs + graceMs);
    line.reset();
    return hasEnded ? [] : ['descriptors: a connection went on for 25 s after a record that is no TLS'];
  },
};

/** Frames that ask for an answer each, by the thousand; no answer is read. */
const unreadPings: Input = {
  name: 'unread-pings',
  over: ['clear', 'tls'],
  async run(scene) {
    const line = await lineTo(scene, { hears: false });
    const flood = Buffer.concat(
      Array.from({ length: 1_000 }, () =>
        Buffer.concat([frame(frameTypes.ping, 0, 0, Buffer.alloc(8)), frame(frameTypes.settings, 0, 0)]),
      ),
    );
    line.say(opening);
    for (let turn = 0; turn < amount(scene, 5, 100) && !line.isClosed; turn++) {
      line.say(flood);
      await sleep(5);
    }
    line.say(frame(frameTypes.settings, acknowledged | endHeaders, 7));
    line.reset();
    return [];
  },
};

const answerMs = 30_000;

/** In the order in which they are done. */
export const strangers: readonly Input[] = [
  endlessHeaders,
  garbageRecord,
  unreadPipelines,
  slowBodies,
  expectThenReset,
  oneByteChunks,
  oneByteFrames,
  emptyPromises,
  crowds,
  crowdsNotPlain,
  pipelines,
  unreadPings,
  manyHeaders,
  renegotiation,
];
