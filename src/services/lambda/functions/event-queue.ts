import type { Clock, Millis } from '../../../env/clock.ts';
import { detached, unthinkable } from '../../../env/detached.ts';
import type { Logger } from '../../../env/logger.ts';
import { ServiceError } from '../../../wire/service-error.ts';
import { tooManyRequests } from '../errors.ts';
import { latest } from '../parts/latest.ts';
import { type AsynchronousSettings, functionKeyOf, type LambdaJournal } from '../state/lambda-state.ts';
import type { Functions, FunctionTarget, InvokeOutcome } from './functions.ts';

/** An invocation that nobody waits for. */
export type QueuedEvent = {
  readonly target: FunctionTarget;
  readonly payload: Buffer;
  readonly clientContext?: string | undefined;
};

type QueueWorld = {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly functions: Functions;
  readonly journal: Pick<LambdaJournal, 'state'>;
};

/**
 * Invokes functions for callers that do not wait: again when they fail, as often and for as long as the
 * function's settings say (Lambda developer guide, "Asynchronous invocation"). It is in memory: what waits
 * when the server ends is lost.
 */
export class EventQueue implements Disposable {
  readonly #world: QueueWorld;
  readonly #ended = new AbortController();
  #events = 0;
  #bytes = 0;

  constructor(world: QueueWorld) {
    this.#world = world;
  }

  /** Takes an event, or throws TooManyRequestsException when too many wait. */
  push(event: QueuedEvent): void {
    const bytes = event.payload.length;
    if (this.#events >= eventsMax || this.#bytes + bytes > eventBytesMax) {
      throw tooManyRequests('ConcurrentInvocationLimitExceeded', 'Too many events wait to be processed.');
    }
    this.#events += 1;
    this.#bytes += bytes;
    const delivered = this.#deliver(event).finally(() => {
      this.#events -= 1;
      this.#bytes -= bytes;
    });
    detached(delivered, unthinkable);
  }

  /** Lets go of what waits. What runs ends with the functions. */
  [Symbol.dispose](): void {
    this.#ended.abort();
  }

  async #deliver(event: QueuedEvent): Promise<void> {
    const { clock, logger } = this.#world;
    const since = clock.now();
    const { signal } = this.#ended;
    for (let [failures, refusals] = [0, 0]; !signal.aborted; ) {
      const outcome = await this.#try(event);
      if (outcome === 'done' || signal.aborted) return;
      const { retries, maximumAge } = this.#limitsFor(event.target);
      if (outcome === 'failed') failures += 1;
      else refusals += 1;
      const delay = outcome === 'failed' ? failures * retryMs : refusedDelay(refusals);
      const isOver = failures > retries || clock.now() + delay - since > maximumAge;
      if (isOver || outcome === 'gone') {
        logger.warn('an asynchronous invocation was given up', { function: event.target.name });
        return;
      }
      await clock.sleep(delay, signal);
    }
  }

  async #try({
    target,
    payload,
    clientContext,
  }: QueuedEvent): Promise<'done' | 'failed' | 'refused' | 'gone'> {
    const { functions, logger } = this.#world;
    try {
      const how = { clientContext, signal: this.#ended.signal };
      return outcomeOf(await functions.invoke(target, payload, how));
    } catch (error) {
      if (this.#ended.signal.aborted) return 'refused';
      if (!(error instanceof ServiceError)) logger.error('a function could not be invoked', { error });
      return error instanceof ServiceError && error.type === 'ResourceNotFoundException' ? 'gone' : 'refused';
    }
  }

  #limitsFor(target: FunctionTarget): { readonly retries: number; readonly maximumAge: Millis } {
    const found = this.#world.journal.state.get('function', functionKeyOf(target));
    const settings: Partial<AsynchronousSettings> = found?.asynchronous?.[target.qualifier ?? latest] ?? {};
    const { retries = retriesByDefault, maximumAgeSeconds = maximumAgeByDefault } = settings;
    return { retries, maximumAge: maximumAgeSeconds * 1000 };
  }
}

function outcomeOf({ functionError }: InvokeOutcome): 'done' | 'failed' {
  return functionError === undefined ? 'done' : 'failed';
}

/** One minute before the first attempt again, two before the second (Lambda developer guide). */
const retryMs: Millis = 60_000;
const retriesByDefault = 2;
const maximumAgeByDefault = 6 * 3600;

/** What could not begin is tried again after a second, and then ever later, up to five minutes. */
function refusedDelay(refusals: number): Millis {
  return Math.min(1000 * 2 ** (refusals - 1), 300_000);
}

/** Each takes its payload and about a kilobyte. */
const eventsMax = 10_000;
const eventBytesMax = 64 * 1024 * 1024;
