import type { Subscription } from './subscription.ts';

/** What came of a call: an output, an error by its name, or silence. */
export type Answer<T> =
  | { readonly kind: 'output'; readonly output: T }
  | { readonly kind: 'error'; readonly type: string; readonly message: string }
  | { readonly kind: 'silence' };

/** A client of a server, simulated or real. */
export interface Client {
  readonly name: string;
  /** Calls an operation. The output is believed to have the shape that the caller asks for. */
  call<T = unknown>(operation: string, input: object): Promise<Answer<T>>;
  /** Calls SubscribeToShard. */
  subscribe(input: object): Promise<Answer<Subscription>>;
}
