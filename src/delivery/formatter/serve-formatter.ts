import { strict as assert } from 'node:assert';
import { bufferOf } from '../../env/buffer-of.ts';
import type { Clock } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import { giveBack } from '../../env/discard.ts';
import type { Random } from '../../env/random.ts';
import { isPooled } from '../../env/workers.ts';
import type { TransformAnswer, TransformFunctions } from '../delivery-world.ts';
import { ChunkFormat } from './chunk-format.ts';
import type { ChunkSetting, FormattedChunk } from './chunk-setting.ts';
import type { FormatterAsk, FormatterPorts } from './formatter-messages.ts';

type FormatterEnv = { readonly clock: Clock; readonly random: Random };

/** Formats chunks as it is asked to, until the port is closed. What is asked of a chunk is done in order. */
export function serveFormatter({ asks }: FormatterPorts, env: FormatterEnv): Promise<void> {
  const serving = new FormatterServer(asks, env);
  return new Promise((resolve) => asks.listen((ask) => serving.take(ask), resolve));
}

type OpenChunk = {
  readonly setting: ChunkSetting;
  /** Made with what is first asked of it: who asks hears what is wrong. */
  format: ChunkFormat | undefined;
  readonly dropped: AbortController;
  /** All that was asked of it before. */
  tail: Promise<void>;
};

class FormatterServer {
  readonly #port: FormatterPorts['asks'];
  readonly #env: FormatterEnv;
  readonly #chunks = new Map<number, OpenChunk>();
  readonly #invocations = new Map<number, (answer: TransformAnswer) => void>();
  #nextInvocation = 0;

  constructor(port: FormatterPorts['asks'], env: FormatterEnv) {
    this.#port = port;
    this.#env = env;
  }

  take(ask: FormatterAsk): void {
    switch (ask.kind) {
      case 'open':
        this.#open(ask.chunk, ask.setting);
        break;
      case 'drop':
        this.#chunks.get(ask.chunk)?.dropped.abort(null);
        this.#chunks.delete(ask.chunk);
        break;
      case 'invoked':
        this.#invocations.get(ask.invocation)?.(ask.answer);
        this.#invocations.delete(ask.invocation);
        break;
      case 'add':
        this.#do(ask.chunk, ask.call, async (format) => {
          const fill = await format.add(ask.slice);
          // Garbage of old age would be there for as long as whole chunks.
          if (!format.keepsSlices) giveBack(ask.slice.batches.map(({ bytes }) => bytes));
          this.#port.post({ kind: 'added', chunk: ask.chunk, call: ask.call, fill });
        });
        break;
      case 'sample':
        this.#do(ask.chunk, ask.call, async (format) => {
          const schema = format.sample(ask.slice);
          this.#port.post({ kind: 'sampled', chunk: ask.chunk, call: ask.call, schema });
        });
        break;
      case 'finish':
        this.#do(ask.chunk, ask.call, async (format) => {
          const formatted = apart(await format.finish(ask.random));
          const answer = { kind: 'finished', chunk: ask.chunk, call: ask.call, formatted } as const;
          this.#port.post(answer, handedOver(formatted));
        });
    }
  }

  #open(number: number, setting: ChunkSetting): void {
    const dropped = new AbortController();
    this.#chunks.set(number, { setting, format: undefined, dropped, tail: Promise.resolve() });
  }

  #do(number: number, call: number, work: (format: ChunkFormat) => Promise<void>): void {
    const chunk = this.#chunks.get(number);
    assert(chunk !== undefined, 'a chunk was opened before');
    const { setting, dropped } = chunk;
    const run = async () => {
      if (dropped.signal.aborted) return;
      try {
        const functions = this.#functionsOf(number);
        chunk.format ??= new ChunkFormat({ ...this.#env, functions }, setting, dropped.signal);
        await work(chunk.format);
      } catch (error) {
        const failed = { kind: 'failed', chunk: number, call, message: messageOf(error) } as const;
        if (!dropped.signal.aborted) this.#port.post(failed);
      }
    };
    chunk.tail = chunk.tail.then(run);
    detached(chunk.tail, unthinkable);
  }

  /** Whoever asked for the chunk invokes them; when it is dropped, nobody waits for an answer any more. */
  #functionsOf(chunk: number): TransformFunctions {
    return {
      invoke: (arn, role, payload, signal) =>
        new Promise((resolve, reject) => {
          // Between two attempts it may have been: nobody would answer then.
          if (signal.aborted) return reject(dropped());
          const invocation = this.#nextInvocation++;
          const forget = () => {
            this.#invocations.delete(invocation);
            reject(dropped());
          };
          this.#invocations.set(invocation, (answer) => {
            signal.removeEventListener('abort', forget);
            resolve(answer);
          });
          signal.addEventListener('abort', forget, { once: true });
          this.#port.post({ kind: 'invoke', invocation, chunk, arn, role, payload });
        }),
    };
  }
}

function dropped(): Error {
  return new Error('the chunk was dropped');
}

/**
 * Pieces in Node's pool are in memory of their own then: whoever puts them gives it back, and would take
 * along what else of the message lies beside them.
 */
function apart({ objects, ...rest }: FormattedChunk): FormattedChunk {
  return {
    ...rest,
    objects: objects.map((object) => ({ ...object, bytes: object.bytes.map(inMemoryOfItsOwn) })),
  };
}

function inMemoryOfItsOwn(piece: Uint8Array): Uint8Array {
  const { buffer } = piece;
  if (!(buffer instanceof ArrayBuffer) || !isPooled(buffer)) return piece;
  const own = Buffer.allocUnsafeSlow(piece.length);
  own.set(piece);
  return own;
}

/** The memory of all objects, which nothing here looks at any more. */
function handedOver({ objects, requests }: FormattedChunk): ArrayBuffer[] {
  const memory = new Set<ArrayBuffer>();
  for (const { bytes } of [...objects, ...requests])
    for (const piece of bytes) {
      const { buffer } = bufferOf(piece);
      // All of it is cloned otherwise, whatever of it the piece is.
      if (buffer instanceof ArrayBuffer && !isPooled(buffer)) memory.add(buffer);
    }
  return [...memory];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
