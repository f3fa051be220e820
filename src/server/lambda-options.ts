import { exposedHost } from '../access/mode.ts';
import type { PlaceOptions } from '../http/places.ts';
import type { FunctionKinds } from '../services/lambda/functions/function-kinds.ts';

/** The options that say what of Lambda a server does. */
export type LambdaOptions = {
  /**
   * Whether functions are run: `on`; `urls`, only those that are behind a URL; or `off`. Undefined: `on`
   * where only this machine reaches the server, else `off`.
   */
  readonly functions: FunctionKinds | undefined;
  /** How many calls of functions run at once, each in a process. Undefined: by the cores of the machine. */
  readonly functionInstances: number | undefined;
  /**
   * The URLs that failed batches of mappings are sent to. Undefined: the variables that AWS's SDKs read
   * (AWS_ENDPOINT_URL_SQS …); without those, such destinations cannot be used.
   */
  readonly sqs: string | undefined;
  readonly sns: string | undefined;
};

export const defaultLambdaOptions: LambdaOptions = {
  functions: undefined,
  functionInstances: undefined,
  sqs: undefined,
  sns: undefined,
};

/** As flags name them. */
export const functionKinds = ['on', 'urls', 'off'] as const;

export const functionInstancesMax = 10_000;

/**
 * Which functions may be made and run. Code runs as this process's user, who has the root key, and a URL is
 * reached from within the network that the server is in: whoever can make functions has more than AWS would
 * give them. So nobody who is not on this machine can, unless the server's operator says so.
 */
export function functionKindsOf(options: Pick<LambdaOptions, 'functions'> & PlaceOptions): FunctionKinds {
  return options.functions ?? (exposedHost(options) === undefined ? 'on' : 'off');
}

/** Of a function that only waits, more at once are of use than there are cores. */
export function functionInstancesOf(
  { functionInstances }: Pick<LambdaOptions, 'functionInstances'>,
  cores: number,
): number {
  return functionInstances ?? 16 + 2 * cores;
}
