import { hash } from 'node:crypto';
import type { Clock } from '../env/clock.ts';
import type { Worked } from '../env/job-thread.ts';
import { cbor } from '../wire/cbor/cbor.ts';
import { rpcCbor } from '../wire/cbor/rpc-cbor.ts';
import { prepared } from '../wire/cloned.ts';
import type { Codec } from '../wire/codec.ts';
import { json } from '../wire/json/json.ts';
import { type ErrorType, ServiceError } from '../wire/service-error.ts';
import type { StructureShape, TypeOf } from '../wire/shape.ts';
import { validate } from '../wire/validate.ts';

/** Below it, all of a request takes a few milliseconds. */
export const largeBytes = 2 * 1024 * 1024;

/** Reads the bodies that others would wait for too long. Their memory may change hands meanwhile. */
export interface LargeBodies {
  /** The body again, and its SHA-256 in hex; undefined for a hash that nobody made yet. */
  hash(body: Buffer): Promise<{ readonly body: Buffer; readonly sha256: string | undefined }>;
  /** What `codec` decodes from a body, once it is valid; rejects with the `ServiceError` that says why not. */
  read(body: Buffer, operation: Readable, codec: Codec): Promise<LargeInput>;
}

/** What of an operation its bodies are read by. */
type Readable = { readonly name: string; readonly input: StructureShape };

export type LargeInput = {
  readonly input: TypeOf<StructureShape>;
  /** Memory that holds the blobs of the input, and nothing else. */
  readonly memory: readonly ArrayBuffer[];
};

/** Reads them in this thread, each in a turn of its own. */
export function readInTurns(clock: Clock): LargeBodies {
  return {
    async hash(body) {
      await clock.turn();
      return { body, sha256: undefined };
    },
    async read(body, { input: shape }, codec) {
      await clock.turn();
      return { input: decoded(body, shape, codec), memory: [] };
    },
  };
}

function decoded(body: Buffer, shape: StructureShape, codec: Codec): TypeOf<StructureShape> {
  const input = codec.decode(body, shape);
  validate(input, shape);
  return input;
}

/** What a thread is asked. */
export type BodyJob =
  | { readonly kind: 'hash'; readonly body: Uint8Array }
  | {
      readonly kind: 'read';
      readonly body: Uint8Array;
      readonly operation: string;
      readonly contentType: string;
    };

/** What it answers. */
export type BodyAnswer =
  | { readonly kind: 'hashed'; readonly body: Uint8Array; readonly sha256: string }
  | ({ readonly kind: 'read' } & LargeInput)
  | { readonly kind: 'refused'; readonly type: ErrorType; readonly message: string };

/** Does a job. `operations` are those that there are. */
export function workOn(
  job: BodyJob,
  operations: ReadonlyMap<string, { readonly input: StructureShape }>,
): Worked<BodyAnswer> {
  const body = bufferOf(job.body);
  const memory = body.buffer as ArrayBuffer;
  if (job.kind === 'hash') {
    return { answer: { kind: 'hashed', body, sha256: hash('sha256', body) }, handedOver: [memory] };
  }
  const { input: shape } = operations.get(job.operation)!;
  try {
    const input = decoded(body, shape, codecs.get(job.contentType)!);
    const handedOver = prepared(input);
    if (!handedOver.includes(memory)) memory.transfer(0);
    return { answer: { kind: 'read', input, memory: handedOver }, handedOver };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    memory.transfer(0);
    return { answer: { kind: 'refused', type: error.type, message: error.message }, handedOver: [] };
  }
}

/** The same bytes as a buffer of Node's. */
export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

const codecs: ReadonlyMap<string, Codec> = new Map(
  [json, cbor, rpcCbor].map((codec) => [codec.contentType, codec]),
);
