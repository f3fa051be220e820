import type { Model, Moment, StreamModel } from '../model.ts';

/**
 * What event source mappings were asked for, and what their functions were called with and answered, written
 * down without judgement. Each mapping has a function of its own, so an event says whose it is. Nothing here
 * knows how the server polls.
 */

/** As AWS names them; what is not there was not asked for. */
export type MappingSettings = {
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
  readonly ParallelizationFactor: number;
  readonly BisectBatchOnFunctionError: boolean;
  readonly MaximumRetryAttempts: number;
  readonly MaximumRecordAgeInSeconds: number;
  readonly TumblingWindowInSeconds: number;
  readonly FunctionResponseTypes: readonly string[];
  /** Records whose data begin so are let in; undefined for all. */
  readonly prefix?: string | undefined;
};

export type MappingStart =
  | { readonly kind: 'TRIM_HORIZON' | 'LATEST' }
  /** In milliseconds since 1970. */
  | { readonly kind: 'AT_TIMESTAMP'; readonly at: number };

/** A record of an event. */
export type Delivery = {
  /** Of the attempt that its data name. */
  readonly id: string;
  readonly shard: string;
  readonly number: bigint;
  readonly partitionKey: string;
  readonly data: string;
  /** In milliseconds since 1970. */
  readonly arrival: number;
};

/** A tumbling window as an event tells it; times in milliseconds since 1970. */
export type WindowView = {
  readonly start: number;
  readonly end: number;
  /** The ids that the state held. */
  readonly state: readonly string[];
  readonly isFinal: boolean;
  readonly isEarly: boolean;
};

/** One call of a function, entered. */
export type Invocation = {
  /** The life of the server in which it was, counted from 1. */
  readonly life: number;
  readonly entered: Moment;
  readonly shard: string;
  readonly deliveries: readonly Delivery[];
  readonly bytes: number;
  readonly window?: WindowView | undefined;
  /** Undefined where no answer was sent: the function ended, was ended, or never answered. */
  answer?: InvocationAnswer;
};

export type InvocationAnswer = {
  /** When it was sent: the server has it then, or will never have it. */
  readonly sent: Moment;
  /** When the server had certainly taken it. */
  taken?: Moment;
  /** So many of the deliveries, from the first on, are done by it. */
  readonly done: number;
  /** The ids in the state that was answered. */
  readonly state?: readonly string[] | undefined;
};

/** What the server said of a shard: its first records, so many of them, are done, which is durable. */
export type Checkpoint = { readonly answered: Moment; readonly shard: string; readonly done: number };

/** A record in the list of what a mapping gave up. */
export type GivenUp = Delivery & { readonly condition: string };

export class MappingModel {
  readonly functionName: string;
  readonly stream: StreamModel;
  readonly start: MappingStart;
  /** All that was ever asked for, in order; the first with its creation. */
  readonly asked: MappingSettings[];
  /** When its creation was first asked for. */
  readonly sent: Moment;
  uuid: string | undefined;
  /** When its creation was certain. */
  created: Moment | undefined;
  /** When its deletion was first asked for. */
  doomed: Moment | undefined;
  /** When it was certainly gone. */
  gone: Moment | undefined;
  readonly invocations: Invocation[] = [];
  readonly checkpoints: Checkpoint[] = [];
  /** When anything of it was asked to change. */
  readonly changes: Moment[] = [];
  /** Times in which it was certainly disabled. */
  readonly rests: { readonly from: Moment; until?: Moment }[] = [];
  /** The last word; undefined where nobody could look. */
  givenUp: readonly GivenUp[] | undefined;

  constructor(
    functionName: string,
    stream: StreamModel,
    start: MappingStart,
    settings: MappingSettings,
    sent: Moment,
  ) {
    this.functionName = functionName;
    this.stream = stream;
    this.start = start;
    this.asked = [settings];
    this.sent = sent;
  }

  /** It is certainly disabled now, until something is asked of it. */
  rest(now: Moment): void {
    const last = this.rests.at(-1);
    if (last === undefined || last.until !== undefined) this.rests.push({ from: now });
  }

  /** It is about to be asked to change. */
  change(now: Moment): void {
    this.changes.push(now);
    const last = this.rests.at(-1);
    if (last !== undefined) last.until ??= now;
  }

  /** What was asked for with its creation. */
  get first(): MappingSettings {
    return this.asked[0]!;
  }
}

/** All mappings of one simulation. */
export class MappingsModel {
  readonly mappings: MappingModel[] = [];
  readonly model: Model;
  /** True once functions shall do what they are for, and nothing else. */
  isCalm = false;
  /** True once nothing is written down any more. */
  isClosed = false;

  constructor(model: Model) {
    this.model = model;
  }

  of(functionName: string): MappingModel | undefined {
    return this.mappings.find((mapping) => mapping.functionName === functionName);
  }
}
