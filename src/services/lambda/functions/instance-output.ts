import type { Clock, Millis } from '../../../env/clock.ts';
import type { Logger } from '../../../env/logger.ts';

/** Where all that an instance writes goes besides the log of the call. */
export type OutputSinks = {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The file of the function. Never fails. */
  readonly keep: (bytes: Buffer) => void;
  /** For the lines of our log. */
  readonly name: string;
};

/** How a call went, for its last line. */
export type CallReport = {
  readonly took: Millis;
  readonly memoryMiB: number;
  /** 0 where it was not looked at. */
  readonly usedBytes: number;
  /** Undefined when the code had been loaded before. */
  readonly initTook?: Millis | undefined;
};

/** The lines of one call, as CloudWatch Logs has them. */
export interface CallLog {
  /** Adds a line that the function did not write itself. */
  note(line: string): void;
  end(report: CallReport): void;
  /** The last 4 KiB (Lambda API reference, Invoke, `X-Amz-Log-Result`). */
  readonly tail: Buffer;
}

/** What one instance writes: to the function's file as it is, to our log by lines, to the call's log. */
export class InstanceOutput {
  readonly #sinks: OutputSinks;
  #call: Tail | undefined;
  /** A line that has not ended. */
  #begun = '';
  #secondBegan: Millis = Number.NEGATIVE_INFINITY;
  #linesThisSecond = 0;
  #linesLeftOut = 0;

  constructor(sinks: OutputSinks) {
    this.#sinks = sinks;
  }

  /** Takes what the process writes. */
  readonly take = (piece: Buffer): void => {
    this.#sinks.keep(piece);
    this.#call?.add(piece);
    const lines = (this.#begun + piece.toString()).split('\n');
    this.#begun = lines.pop()!.slice(0, lineLengthMax);
    for (const line of lines) this.#say(line.slice(0, lineLengthMax));
  };

  begin(requestId: string, version: string): CallLog {
    const tail = new Tail();
    this.#call = tail;
    const note = (line: string) => {
      const bytes = Buffer.from(`${line}\n`);
      tail.add(bytes);
      this.#sinks.keep(bytes);
    };
    note(`START RequestId: ${requestId} Version: ${version}`);
    return {
      note,
      end: (report) => {
        note(`END RequestId: ${requestId}`);
        note(reportLine(requestId, report));
        this.#call = undefined;
      },
      get tail() {
        return tail.bytes;
      },
    };
  }

  /** A function that writes without end does not fill our log: its file has the rest. */
  #say(line: string): void {
    if (line === '') return;
    const { clock, logger, name } = this.#sinks;
    const now = clock.monotonic();
    if (now - this.#secondBegan >= 1000) {
      if (this.#linesLeftOut > 0) logger.info(`${name}: ${this.#linesLeftOut} lines are only in its file`);
      this.#secondBegan = now;
      this.#linesThisSecond = 0;
      this.#linesLeftOut = 0;
    }
    this.#linesThisSecond += 1;
    if (this.#linesThisSecond > linesPerSecondMax) this.#linesLeftOut += 1;
    else logger.info(`${name}: ${line}`);
  }
}

function reportLine(requestId: string, { took, memoryMiB, usedBytes, initTook }: CallReport): string {
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${took.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(took)} ms`,
    `Memory Size: ${memoryMiB} MB`,
    ...(usedBytes > 0 ? [`Max Memory Used: ${Math.ceil(usedBytes / 1024 / 1024)} MB`] : []),
    ...(initTook === undefined ? [] : [`Init Duration: ${initTook.toFixed(2)} ms`]),
  ];
  return parts.join('\t');
}

/** The end of what was written. */
class Tail {
  #pieces: Buffer[] = [];
  #size = 0;

  add(piece: Buffer): void {
    this.#pieces.push(piece.subarray(-tailBytesMax));
    this.#size += this.#pieces.at(-1)!.length;
    if (this.#size > 2 * tailBytesMax) this.#cut();
  }

  get bytes(): Buffer {
    this.#cut();
    return this.#pieces[0]!;
  }

  #cut(): void {
    const last = Buffer.concat(this.#pieces).subarray(-tailBytesMax);
    this.#pieces = [last];
    this.#size = last.length;
  }
}

const tailBytesMax = 4 * 1024;
const lineLengthMax = 8 * 1024;
const linesPerSecondMax = 100;
