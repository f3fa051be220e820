import type { Millis } from '../../../env/clock.ts';
import type { Functions, FunctionTarget, InvokeOutcome } from '../functions/functions.ts';
import { payloadBytesMax } from '../functions/functions.ts';
import type { MappingRecord } from '../state/lambda-state.ts';
import type { EventSource, EventWindow } from './event-writer.ts';
import { EventWriter } from './event-writer.ts';
import { readAnswer } from './function-answer.ts';
import type { PolledRecord } from './polled-record.ts';

/** What came of a call of a function with records. */
export type Called =
  /** The function has answered, and says that all is done. */
  | { readonly kind: 'done'; readonly state: string | undefined; readonly outcome: InvokeOutcome }
  /** It has answered, and not all is done. */
  | {
      readonly kind: 'failed';
      readonly firstFailed: number;
      readonly state: string | undefined;
      readonly outcome: InvokeOutcome;
      readonly error: string;
    }
  /** It was not entered: another call may succeed, unless the event is too large. */
  | { readonly kind: 'refused'; readonly error: string; readonly isTooLarge: boolean }
  /** It was not entered, or is not waited for any more. */
  | { readonly kind: 'stopped' };

type CallerSettings = Pick<MappingRecord, 'reportsItemFailures' | 'tumblingSeconds'>;

/** Ends calls: no call is entered once `stopping` is aborted, none is waited for once `abandoned` is. */
export type CallSignals = { readonly stopping: AbortSignal; readonly abandoned: AbortSignal };

/** Calls a function with events of a shard. */
export class FunctionCaller {
  readonly #functions: Functions;
  readonly #target: FunctionTarget;
  readonly #source: EventSource;
  readonly #settings: CallerSettings;
  readonly #signals: CallSignals;
  readonly events: EventWriter;

  constructor(
    functions: Functions,
    target: FunctionTarget,
    source: EventSource,
    settings: CallerSettings,
    signals: CallSignals,
  ) {
    this.#functions = functions;
    this.#target = target;
    this.#source = source;
    this.#settings = settings;
    this.#signals = signals;
    this.events = new EventWriter(source);
  }

  /** Never rejects. */
  async call(records: readonly PolledRecord[], window: EventWindow | undefined): Promise<Called> {
    const { stopping, abandoned } = this.#signals;
    if (stopping.aborted) return { kind: 'stopped' };
    const event = this.events.write(records, window);
    if (event.length > payloadBytesMax) return tooLarge(event.length);
    const invoked = this.#functions.invoke(this.#target, event, { patienceMs, signal: stopping });
    try {
      const outcome = await unlessAborted(invoked, abandoned);
      return outcome === undefined ? { kind: 'stopped' } : this.#called(outcome, records, window);
    } catch (error) {
      if (stopping.aborted) return { kind: 'stopped' };
      const isTooLarge = error instanceof Error && error.name === 'RequestTooLargeException';
      return { kind: 'refused', error: messageOf(error), isTooLarge };
    }
  }

  #called(outcome: InvokeOutcome, records: readonly PolledRecord[], window: EventWindow | undefined): Called {
    if (outcome.functionError !== undefined) {
      const error = String(outcome.payload.subarray(0, errorBytesMax));
      return { kind: 'failed', firstFailed: 0, state: undefined, outcome, error };
    }
    const rules = {
      reportsItemFailures: this.#settings.reportsItemFailures && records.length > 0,
      // What the last call of a window answers is handed on to nobody.
      needsState: window !== undefined && !window.isFinal,
    };
    const answer = readAnswer(outcome.payload, records, this.#source.shard, rules);
    const { firstFailed, state, error } = answer;
    if (error === undefined) return { kind: 'done', state, outcome };
    return { kind: 'failed', firstFailed, state, outcome, error };
  }
}

function tooLarge(bytes: number): Called {
  const error = `The event has ${bytes} bytes, and a function takes ${payloadBytesMax}.`;
  return { kind: 'refused', error, isTooLarge: true };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Who has waited for its turn for so long says so, and looks at how old its records are by now, before it
 * waits again.
 */
export const patienceMs: Millis = 10_000;

/** Of what a function answered as an error, so much is kept. */
const errorBytesMax = 1024;

/** Undefined when the signal is aborted before; what the work comes to after that is nobody's any more. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const finish = () => signal.removeEventListener('abort', stop);
    work.then(
      (value) => {
        finish();
        resolve(value);
      },
      (error) => {
        finish();
        reject(error);
      },
    );
  });
}
