import type { Port } from '../env/workers.ts';
import type { Meter, Sketched } from '../stream/meter/meter.ts';
import { firstPage, type MeterCursor, type MeterPage } from '../stream/meter/meter-page.ts';
import type { MeterSource } from './meter-source.ts';
import type { RecordsClient } from './records-client.ts';

/** What the owner asks of a worker's meter: a page, or the sketches of shards of a stream by its id. */
export type MeterQuestion =
  | { readonly cursor: MeterCursor }
  | { readonly stream: string; readonly shards: readonly number[] };

/** The answers, in the order of the questions. */
export type MeterAnswer = { readonly page: MeterPage } | { readonly sketches: readonly Sketched[] };

/** The worker's side: answers until the port is closed. */
export function answerForMeter(port: Port<MeterAnswer, MeterQuestion>, meter: Meter): void {
  port.listen((question) => {
    if ('cursor' in question) port.post({ page: meter.page(question.cursor) });
    else port.post({ sketches: meter.sketchesOf(question.stream, question.shards) });
  });
}

/** Leaves what a worker has counted to the owner, in one go: from then on it counts nothing. */
export function tellCounted(owner: Pick<RecordsClient, 'tell'>, meter: Meter): void {
  for (let cursor: MeterCursor | undefined = firstPage; cursor !== undefined; ) {
    const page: MeterPage = meter.page(cursor);
    owner.tell('counted', page);
    cursor = page.next;
  }
}

/** The meter of a worker, as the owner sees it. */
export class RemoteMeter implements MeterSource {
  readonly #port: Port<MeterQuestion, MeterAnswer>;
  /** Those who wait for answers, in the order of the questions. */
  readonly #waiting: ((answer: MeterAnswer | undefined) => void)[] = [];
  #hasEnded = false;

  constructor(port: Port<MeterQuestion, MeterAnswer>) {
    this.#port = port;
    port.listen(
      (answer) => this.#waiting.shift()!(answer),
      () => this.end(),
    );
  }

  async page(cursor: MeterCursor): Promise<MeterPage | undefined> {
    const answer = await this.#ask({ cursor });
    return answer !== undefined && 'page' in answer ? answer.page : undefined;
  }

  async sketchesOf(stream: string, shards: readonly number[]): Promise<readonly Sketched[]> {
    const answer = await this.#ask({ stream, shards });
    return answer !== undefined && 'sketches' in answer ? answer.sketches : [];
  }

  /** Its thread is no more, or about to end. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const resolve of this.#waiting.splice(0)) resolve(undefined);
    this.#port.close();
  }

  #ask(question: MeterQuestion): Promise<MeterAnswer | undefined> {
    if (this.#hasEnded) return Promise.resolve(undefined);
    this.#port.post(question);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
