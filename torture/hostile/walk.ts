import { subscriptionFrames, subscriptionText } from './abusers.ts';
import { strangeHead, strangeRequest } from './http1.ts';
import {
  data,
  endHeaders,
  endStream,
  FrameCounter,
  frame,
  frameTypes,
  goAway,
  headers,
  opening,
  ping,
  requestHeaders,
  reset,
  uint32,
  windowUpdate,
} from './http2.ts';
import { lineTo, type Scene } from './input.ts';
import type { Line } from './line.ts';
import type { State, WalkStep } from './schedule.ts';
import { graceMs, headMs, idleMs, requestMs } from './target.ts';
import { helloBegun, record, recordTypes } from './tls.ts';

/** Brings a connection to a state, and does there what the step says. Answers with broken promises. */
export async function walk(step: WalkStep, scene: Scene): Promise<readonly string[]> {
  const { state, act, protocol } = step;
  const isHandshake = state === 'beginning' && step.secure;
  // A handshake part-way is said below TLS.
  const line = await lineTo(scene, {
    secure: step.secure && !isHandshake,
    hears: state !== 'answer' && state !== 'pipelining',
  });
  const frames = new FrameCounter();
  line.follow((bytes) => frames.take(bytes));
  const script = isHandshake ? handshake(step, scene) : scripts[protocol](step, scene);
  try {
    if (act === 'split') await line.sayByteByByte(script.before);
    else line.say(script.before);
    if (state === 'idle' || state === 'events') await line.waitsFor(() => line.heardBytes > 0, answerMs);
    return await does[act](line, step, scene, frames);
  } finally {
    line.reset();
  }
}

/** What is said on the way to a state. */
type Script = { readonly before: Buffer };

function handshake({ cut }: WalkStep, { random }: Scene): Script {
  return { before: helloBegun(random.bytes(Math.ceil(cut * 400))) };
}

const scripts = {
  http1: ({ state, cut }: WalkStep, scene: Scene): Script => {
    const bodyBytes = 300;
    const whole = strangeRequest(bodyBytes);
    const headBytes = strangeHead(bodyBytes).length;
    const before: { readonly [Name in State]: () => Buffer } = {
      connected: () => Buffer.alloc(0),
      beginning: () => whole.subarray(0, 1),
      head: () => whole.subarray(0, Math.ceil(cut * headBytes)),
      body: () => whole.subarray(0, headBytes + Math.ceil(cut * bodyBytes) - 1),
      answer: () => whole,
      pipelining: () => Buffer.concat(Array.from({ length: 20 }, () => whole)),
      idle: () => whole,
      events: () => subscriptionText(scene, scene.random.below(subscribersMax)),
    };
    return { before: before[state]() };
  },
  http2: ({ state, cut }: WalkStep, scene: Scene): Script => {
    const list = requestHeaders('stranger', { 'x-amz-target': 'Kinesis_20131202.PutRecord' });
    const body = Buffer.alloc(300, 'x');
    const request = (stream: number) => Buffer.concat([headers(stream, list), data(stream, body, endStream)]);
    const cutBody = body.subarray(0, Math.ceil(cut * body.length));
    const before: { readonly [Name in State]: () => Buffer } = {
      connected: () => Buffer.alloc(0),
      beginning: () => opening.subarray(0, Math.ceil(cut * prefaceKnownBytes) - 1),
      head: () => Buffer.concat([opening, headers(1, list, 0)]),
      body: () => Buffer.concat([opening, headers(1, list), data(1, cutBody)]),
      answer: () => Buffer.concat([opening, request(1)]),
      pipelining: () =>
        Buffer.concat([opening, ...Array.from({ length: 20 }, (_, index) => request(2 * index + 1))]),
      idle: () => Buffer.concat([opening, request(1)]),
      events: () => Buffer.concat([opening, subscriptionFrames(scene, scene.random.below(subscribersMax))]),
    };
    return { before: before[state]() };
  },
};

/** Of the preface, what tells HTTP/2 from HTTP/1.1. */
const prefaceKnownBytes = 16;
/** They are taken in turn. */
const subscribersMax = 100;

type Doing = (line: Line, step: WalkStep, scene: Scene, frames: FrameCounter) => Promise<readonly string[]>;

const does: { readonly [Name in WalkStep['act']]: Doing } = {
  leave: async (line) => {
    line.leave();
    await line.endsWithin(politeMs);
    return [];
  },
  reset: async (line, { protocol, state }, { random }) => {
    const isStream = protocol === 'http2' && ['body', 'answer', 'events'].includes(state);
    if (!isStream || random.chance(0.5)) return [];
    line.say(reset(1, random.below(14)));
    await line.endsWithin(politeMs);
    return [];
  },
  stall: async (line, step, _scene, frames) => {
    if (step.state === 'events') return [];
    const limitMs = limitOf(step);
    // A stream that is given up is an end, too: its session may have others.
    const isOver = () => line.isClosed || (step.state === 'body' && frames.of(frameTypes.reset) > 0);
    if (await line.waitsFor(isOver, limitMs + graceMs)) return [];
    // One that hears nothing cannot hear the end.
    line.listen();
    if (await line.waitsFor(isOver, politeMs)) return [];
    const { protocol, state, secure } = step;
    const where = `${protocol}${secure ? ' over TLS' : ''}, ${state}`;
    return [`descriptors: a connection that says nothing more (${where}) is open after ${limitMs / 1000} s`];
  },
  repeat: async (line, step, scene) => {
    const script = scripts[step.protocol](step, scene);
    for (let turn = 0; turn < step.times && !line.isClosed; turn++) line.say(script.before);
    await line.endsWithin(politeMs);
    return [];
  },
  split: async (line, { state, protocol, secure }) => {
    if (state !== 'idle' || line.heardBytes > 0 || line.isClosed) return [];
    return [`unserved: a request that came byte by byte (${protocol}${secure ? ' over TLS' : ''})`];
  },
  flood: async (line, step, scene) => {
    const material = floodOf(step, scene);
    for (let turn = 0; turn < step.times && !line.isClosed; turn++) {
      if (step.secure && step.state !== 'beginning' && material.isBelow) line.sayBelow(material.bytes);
      else line.say(material.bytes);
    }
    await line.endsWithin(politeMs);
    return [];
  },
};

/** How long an answer is waited for that does not have to come. */
const politeMs = 500;
const answerMs = 30_000;

function limitOf({ state }: WalkStep): number {
  switch (state) {
    case 'connected':
    case 'beginning':
    case 'head':
      return headMs;
    case 'body':
      return requestMs;
    case 'answer':
    case 'pipelining':
    case 'idle':
    case 'events':
      return idleMs;
  }
}

/** What to say without end, and whether TLS is not to hear of it. */
function floodOf({ state, protocol }: WalkStep, { random }: Scene): { bytes: Buffer; isBelow: boolean } {
  if (random.chance(0.2)) return { bytes: record(random.pick(recordKinds), random.bytes(50)), isBelow: true };
  const isFramed = protocol === 'http2' && state !== 'connected' && state !== 'beginning';
  return {
    bytes: isFramed ? random.pick(frameFloods)(random.bytes(8)) : textFlood(state, random),
    isBelow: false,
  };
}

const recordKinds = Object.values(recordTypes);

function textFlood(state: State, random: Scene['random']): Buffer {
  if (state === 'head') return Buffer.from(`X-More-${random.below(1000)}: ${'x'.repeat(100)}\r\n`);
  if (state === 'connected' || state === 'beginning') return random.bytes(200);
  return Buffer.concat(Array.from({ length: 10 }, () => strangeRequest(random.below(50))));
}

const frameFloods: readonly ((bytes: Buffer) => Buffer)[] = [
  () => ping(),
  () => frame(frameTypes.settings, 0, 0),
  (bytes) => frame(frameTypes.settings, 0, 0, Buffer.concat([Buffer.of(0, 4), bytes.subarray(0, 4)])),
  (bytes) => frame(frameTypes.priority, 0, 1 + 2 * bytes[0]!, Buffer.concat([uint32(0), Buffer.of(9)])),
  () => windowUpdate(0, 1),
  () => windowUpdate(0, 0x7fffffff),
  () => data(1, Buffer.alloc(0)),
  () => goAway(0),
  (bytes) => frame(frameTypes.continuation, 0, 1, bytes),
  (bytes) => frame(frameTypes.push, endHeaders, 1, bytes),
  (bytes) => frame(bytes[0]!, bytes[1]!, bytes[2]!, bytes),
  (bytes) => {
    const stream = 3 + 2 * bytes.readUInt16BE(0);
    return Buffer.concat([headers(stream, requestHeaders('stranger', {})), reset(stream, 8)]);
  },
];
