import type { Clock } from '../../env/clock.ts';
import { type Random, uuid } from '../../env/random.ts';
import type { AuditNote } from '../../gateway/requests.ts';
import type { Audit, AuditEvent } from '../../rpc/audit.ts';
import { recordOf } from '../../rpc/audit-record.ts';
import type { ServerOptions } from '../options.ts';
import { RefusalLimit } from './refusal-limit.ts';

/** Makes records of what a thread is asked. */
export class Recorder implements Audit {
  readonly #options: Pick<ServerOptions, 'account' | 'region'>;
  readonly #env: RecorderEnv;
  readonly #write: (note: AuditNote) => void;
  readonly #limit: RefusalLimit;

  constructor(
    options: Pick<ServerOptions, 'account' | 'region'>,
    env: RecorderEnv,
    write: (note: AuditNote) => void,
  ) {
    this.#options = options;
    this.#env = env;
    this.#write = write;
    this.#limit = new RefusalLimit(env.clock);
  }

  record(event: AuditEvent): void {
    const { kind, error } = event;
    const sayLeftOut = (leftOut: number) => this.#say(event, leftOut);
    if (kind === 'call' || this.#limit.admits(error?.type ?? '', sayLeftOut)) this.#say(event);
  }

  /** What was left out so far is recorded. */
  close(): void {
    this.#limit.close();
  }

  /** The record of an event that stands for `leftOut`, itself included, has that number in it. */
  #say(event: AuditEvent, leftOut?: number): void {
    const { account, region } = this.#options;
    const { clock, random } = this.#env;
    const facts = { now: clock.now(), eventId: uuid(random), account, region };
    this.#write({ kind: event.kind, line: recordOf(event, facts, leftOut) });
  }
}

type RecorderEnv = { readonly clock: Clock; readonly random: Random };
