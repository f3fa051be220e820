import { hash } from 'node:crypto';
import { bufferOf } from '../env/buffer-of.ts';
import { prepared } from '../wire/cloned.ts';
import type { Called, Protocol } from '../wire/protocol.ts';
import { ServiceError } from '../wire/service-error.ts';
import type { StructureShape, TypeOf } from '../wire/shape.ts';
import { validate } from '../wire/validate.ts';
import type { Call } from './route.ts';

/** Smaller requests take a few milliseconds in all. */
export const largeBytes = 2 * 1024 * 1024;

/** Reads bodies that would hold up other requests. Their memory may change hands meanwhile. */
export interface LargeBodies {
  /** The body again, and its SHA-256 in hex. */
  hash(body: Buffer): Promise<{ readonly body: Buffer; readonly sha256: string }>;
  /** The input of a call with this body; rejects with what `readInput` throws. */
  read(body: Buffer, call: Call): Promise<LargeInput>;
}

export type LargeInput = {
  readonly input: TypeOf<StructureShape>;
  /** Memory that holds the blobs of the input, and nothing else. */
  readonly memory: readonly ArrayBuffer[];
};

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

/** A job for the thread. */
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

/** The part of a service that its bodies are read with. */
export type ReadableService = {
  readonly name: string;
  readonly protocols: readonly Protocol[] | (() => Promise<readonly Protocol[]>);
  /** Loads them, for the first body of the service. */
  readonly operations: () => Promise<ReadableOperations>;
};

type ReadableOperations = ReadonlyMap<string, { readonly input: StructureShape }>;

/** Does a job for one of these services. */
export async function workOn(job: BodyJob, services: readonly ReadableService[]): Promise<Worked> {
  const body = bufferOf(job.body);
  const memory = body.buffer as ArrayBuffer;
  if (job.kind === 'hash') {
    return { answer: { kind: 'hashed', body, sha256: hash('sha256', body) }, handedOver: [memory] };
  }
  const service = services.find(({ name }) => name === job.service)!;
  const { protocols: spoken } = service;
  const protocols = typeof spoken === 'function' ? await spoken() : spoken;
  const protocol = protocols.find(({ name }) => name === job.protocol)!;
  const { input: shape } = (await service.operations()).get(job.called.operation)!;
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
