import type { PlaceOptions } from '../aws-place.ts';

/** What is asked for about functions. */
export type FunctionRequest = FunctionAction & PlaceOptions;

export type FunctionAction =
  | ({ readonly kind: 'run' } & RunRequest)
  | { readonly kind: 'list' }
  | {
      readonly kind: 'invoke';
      readonly name: string;
      /** JSON, or `@` and the path of a file with it. */
      readonly payload: string;
      readonly showsLog: boolean;
      /** Whether nobody waits for the answer. */
      readonly isEvent: boolean;
    }
  | { readonly kind: 'logs'; readonly name: string; readonly follows: boolean };

/** A function that runs for as long as the command does. */
export type RunRequest = {
  /** A folder, or the file with the handler. */
  readonly path: string;
  /** Undefined where it is to be found out. */
  readonly handler: string | undefined;
  readonly runtime: string | undefined;
  readonly name: string | undefined;
  readonly stream: string;
  readonly batchSize: number | undefined;
  /** The ARN of its execution role; undefined where any will do. */
  readonly role: string | undefined;
  /** Whether it begins with records that are put from now on, or with all that the stream has. */
  readonly from: 'latest' | 'start';
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
};
