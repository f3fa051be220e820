import { hash } from 'node:crypto';
import type { Clock } from '../env/clock.ts';
import { prepared } from '../wire/cloned.ts';
import type { Called, Protocol } from '../wire/protocol.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { StructureShape, TypeOf } from '../wire/shape.ts';
import { validate } from '../wire/validate.ts';
import type { Call } from './route.ts';

/** Below it, all of a request takes a few milliseconds. */
export const largeBytes = 2 * 1024 * 1024;

/** Reads the bodies that others would wait for too long. Their memory may change hands meanwhile. */
export interface LargeBodies {
  /** The body again, and its SHA-256 in hex; undefined for a hash that nobody made yet. */
  hash(body: Buffer): Promise<{ readonly body: Buffer; readonly sha256: string | undefined }>;
  /** The input of a call with this body; rejects with what `readInput` throws. */
  read(body: Buffer, call: Call): Promise<LargeInput>;
}

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
    async read(body, { protocol, operation, called }) {
      await clock.turn();
      return { input: readInput(protocol, body, called, operation.input), memory: [] };
    },
  };
}

/** The input that a body says; throws the `ServiceError` that says why it is not valid. */
export function readInput(
  protocol: Protocol,
  body: Buffer,
  called: Called,
  shape: StructureShape,
): TypeOf<StructureShape> {
  const input = protocol.decode(body, called, shape);
  validate(input, shape);
  return input;
}

/** What a thread is asked. */
export type BodyJob =
  | { readonly kind: 'hash'; readonly body: Uint8Array }
  | {
      readonly kind: 'read';
      readonly body: Uint8Array;
      readonly service: string;
      readonly protocol: string;
      readonly called: Called;
    };

/** What it answers. */
export type BodyAnswer =
  | { readonly kind: 'hashed'; readonly body: Uint8Array; readonly sha256: string }
  | ({ readonly kind: 'read' } & LargeInput)
  | { readonly kind: 'refused'; readonly type: string; readonly message: string; readonly status: number };

/** An answer, and the memory that goes with it. */
export type Worked = { readonly answer: BodyAnswer; readonly handedOver: ArrayBuffer[] };

/** What of a service its bodies are read by. */
export type ReadableService = {
  readonly name: string;
  readonly protocols: readonly Protocol[];
  readonly operations: ReadonlyMap<string, { readonly input: StructureShape }>;
};

/** Does a job. `services` are those that there are. */
export function workOn(job: BodyJob, services: readonly ReadableService[]): Worked {
  const body = bufferOf(job.body);
  const memory = body.buffer as ArrayBuffer;
  if (job.kind === 'hash') {
    return { answer: { kind: 'hashed', body, sha256: hash('sha256', body) }, handedOver: [memory] };
  }
  const service = services.find(({ name }) => name === job.service)!;
  const protocol = service.protocols.find(({ name }) => name === job.protocol)!;
  const { input: shape } = service.operations.get(job.called.operation)!;
  try {
    const input = readInput(protocol, body, job.called, shape);
    const handedOver = prepared(input);
    if (!handedOver.includes(memory)) memory.transfer(0);
    return { answer: { kind: 'read', input, memory: handedOver }, handedOver };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    memory.transfer(0);
    const { type, message, status } = error;
    return { answer: { kind: 'refused', type, message, status }, handedOver: [] };
  }
}

/** The same bytes as a buffer of Node's. */
export function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
