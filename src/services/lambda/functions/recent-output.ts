import { Condition } from '../../../log/condition.ts';
import { functionKeyOf } from '../state/lambda-state.ts';
import type { Functions, FunctionTarget, InvokeOutcome } from './functions.ts';

type Named = Pick<FunctionTarget, 'account' | 'region' | 'name'>;

/** A part of what a function wrote, and where the next one begins. */
export type OutputPart = { readonly text: string; readonly next: number };

/**
 * What functions wrote lately in this process, and what they answered, in memory: of each the last 64 KiB, of
 * the 200 that wrote last. Positions count bytes, from 0 for the first.
 */
export class RecentOutput {
  readonly #written = new Map<string, Written>();
  readonly #change = new Condition();
  #isClosed = false;

  keep(of: Named, bytes: Buffer): void {
    if (bytes.length === 0) return;
    const key = functionKeyOf(of);
    const written = this.#written.get(key) ?? new Written();
    written.add(bytes);
    // The one that wrote last is the last to be forgotten.
    this.#written.delete(key);
    this.#written.set(key, written);
    if (this.#written.size > functionsMax) this.#written.delete(this.#written.keys().next().value!);
    this.#change.announce();
  }

  /** What was written from a position on, as far as it is there. */
  read(of: Named, from: number): OutputPart {
    return this.#written.get(functionKeyOf(of))?.read(from) ?? { text: '', next: 0 };
  }

  /** Resolves when there is more than up to a position, nothing more will come, or the signal is aborted. */
  async grown(of: Named, past: number, signal: AbortSignal): Promise<void> {
    const key = functionKeyOf(of);
    await this.#change.until(() => this.#isClosed || (this.#written.get(key)?.end ?? 0) > past, signal);
  }

  close(): void {
    this.#isClosed = true;
    this.#change.announce();
  }
}

/** The same functions, whose answers are among what they wrote. */
export function withAnswers(functions: Functions, output: RecentOutput): Functions {
  return {
    async invoke(target, payload, how) {
      const outcome = await functions.invoke(target, payload, how);
      output.keep(target, answerLine(outcome));
      return outcome;
    },
  };
}

function answerLine({ requestId, payload: answer, functionError }: InvokeOutcome): Buffer {
  const payload = functionError === undefined ? answer : errorIn(answer);
  const head = `${functionError === undefined ? 'RESULT' : 'ERROR'} RequestId: ${requestId}\t`;
  const isWhole = payload.length <= answerBytesMax;
  const shown = isWhole ? payload : payload.subarray(0, answerBytesMax);
  return Buffer.concat([Buffer.from(head), shown, Buffer.from(isWhole ? '\n' : ' …\n')]);
}

/** Without the trace, which the function has written itself. */
function errorIn(answer: Buffer): Buffer {
  try {
    const { errorType, errorMessage } = JSON.parse(String(answer));
    return typeof errorMessage === 'string' ? Buffer.from(`${errorType}: ${errorMessage}`) : answer;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return answer;
    throw error;
  }
}

const answerBytesMax = 1024;
const functionsMax = 200;
const bytesMax = 64 * 1024;

/** Of one function. */
class Written {
  end = 0;
  #start = 0;
  readonly #pieces: Buffer[] = [];

  add(bytes: Buffer): void {
    // Memory that others hold, too, is not kept for a few bytes of it.
    this.#pieces.push(Buffer.from(bytes.subarray(-bytesMax)));
    this.end += bytes.length;
    this.#start = Math.max(this.#start, this.end - this.#pieces.reduce((sum, { length }) => sum + length, 0));
    while (this.end - this.#start > bytesMax && this.#pieces.length > 1) {
      this.#start += this.#pieces.shift()!.length;
    }
  }

  read(from: number): OutputPart {
    const bytes = Buffer.concat(this.#pieces).subarray(Math.max(0, from - this.#start));
    return { text: bytes.toString(), next: this.end };
  }
}
