import type { Millis } from '../src/env/clock.ts';
import type { Answer, Client } from './answer.ts';
import type { Model, StreamModel } from './model.ts';
import type { SeededRandom } from './random.ts';
import type { TablesModel } from './tables-model.ts';

/** What clients need of the world that they live in, be it the simulated or the real one. */
export type Surroundings = {
  /** A breath that a client takes between two pieces of work, while nothing waits for it. */
  readonly scheduler: { sleep(ms: Millis): Promise<void> };
  /** Time that passes while a client is at work. */
  patience(ms: Millis): Promise<void>;
  readonly wall: { now(): Millis };
  /** Since an arbitrary moment; never goes back. */
  monotonic(): Millis;
  /** True while the server may refuse what is right because its disk fails. */
  readonly isFaulty: boolean;
  /**
   * True where the internal failure of a record leaves open what became of it, as it does when brokers do not
   * answer; otherwise it is not stored. Of a whole request that failed so, clients hear nothing then.
   */
  readonly leavesOpen?: boolean;
  /** By how much a second of the server may be shorter or longer than one here, as a share of it. */
  readonly clockDrift?: number;
  /** True once the server was asked to end. */
  readonly isClosing: boolean;
  /** Notes what no server may do, as a sentence. */
  violate(sentence: string): void;
};

/** What clients work with. */
export type Work = {
  readonly world: Surroundings;
  readonly model: Model;
  readonly tables: TablesModel;
  readonly random: SeededRandom;
  readonly client: Client;
  /** True once the clients shall come to their end. */
  readonly isOver: () => boolean;
};

/** Errors that a right server may answer to a right request; all others are violations. */
const expected = new Set([
  'ExpiredIteratorException', // The clock jumped, here and below.
  'ExpiredNextTokenException',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'ResourceInUseException',
  'ResourceNotFoundException',
]);

/** Whether the error of a record says that it is not stored, and will not be. */
export function isRefusal({ world }: Work, type: string): boolean {
  return !(world.leavesOpen && type.startsWith('Internal'));
}

/** Notes an error that should not be. `also` names what this request may get besides. */
export function expect(
  { world, client }: Work,
  type: string,
  message: string,
  also: readonly string[] = [],
): void {
  if (expected.has(type) || also.includes(type)) return;
  if (type.startsWith('InternalFailure') && world.isFaulty) return;
  world.violate(`${client.name} got ${type}: ${message}`);
}

/**
 * Notes that a stream is said to be missing that was ACTIVE before the request was sent, and that no client
 * has begun to delete: whatever a client was told is true of each answer to a request that comes later.
 */
export function expectKnown(
  { world, client }: Work,
  stream: StreamModel,
  wasActive: boolean,
  type: string,
): void {
  if (!wasActive || stream.doomed !== undefined || type !== 'ResourceNotFoundException') return;
  world.violate(`unknown: ${client.name} is told that ${stream.name} is not there, after it was ACTIVE`);
}

/** Whether a client was told that a stream is there for all. */
export function isActive({ statuses }: StreamModel): boolean {
  return statuses.some(({ status }) => status === 'ACTIVE');
}

/** Notes the same of an answer. */
export function complain(work: Work, answer: Answer<unknown>, also?: readonly string[]): void {
  if (answer.kind === 'error') expect(work, answer.type, answer.message, also);
}

/** Streams that can be used: certainly created, and no client has begun to delete them. */
export function usable({ model }: Work): StreamModel[] {
  return model.streams.filter(({ created, doomed }) => created !== undefined && doomed === undefined);
}

/** Does something over and over until the simulation ends, with pauses. */
export async function repeat(work: Work, pauseMax: number, once: () => Promise<void>): Promise<void> {
  while (!work.isOver()) {
    await once();
    await work.world.scheduler.sleep(work.random.real(0, pauseMax));
  }
}
