import type { SigningCredentials } from '../../../access/sigv4/sign.ts';
import type { Clock, Millis } from '../../../env/clock.ts';
import type { Disk } from '../../../env/disk.ts';
import type { HttpClient } from '../../../env/http-client.ts';
import type { Logger } from '../../../env/logger.ts';
import type { Network } from '../../../env/network.ts';
import type { Processes } from '../../../env/processes.ts';
import type { Random } from '../../../env/random.ts';
import type { CodeStore } from '../code/code-store.ts';
import type { MappingMetrics } from '../mappings/mapping-metrics.ts';
import type { LambdaJournal } from '../state/lambda-state.ts';
import type { AttachedFunctions } from './attached-functions.ts';
import type { FunctionKinds } from './function-kinds.ts';
import type { RecentOutput } from './recent-output.ts';

/** What running functions takes. */
export type FunctionsWorld = {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Each process of a function has a loopback port of its own there. */
  readonly network: Network;
  /**
   * For functions behind a URL. Its own limits must be above a function's: it waits for `clientPatienceMs` at
   * least, and takes answers of a little more than `payloadBytesMax`.
   */
  readonly client: HttpClient;
  /** Who invokes functions at URLs that take Lambda's Invoke; undefined where that need not be proved. */
  readonly signing?: SigningCredentials | undefined;
  /** Asked with each process that is started, and answers the same as long as it can. */
  readonly processes: () => Promise<Processes>;
  /** Where the files of what functions write are: `functions/logs/…`. Undefined where nothing is kept. */
  readonly logs: Disk | undefined;
  /** Told of the same, as it comes. */
  readonly output?: Pick<RecentOutput, 'keep'> | undefined;
  readonly journal: Pick<LambdaJournal, 'state' | 'changed'>;
  readonly code: Pick<CodeStore, 'get'>;
  readonly credentials: FunctionCredentials;
  /** The handlers of the program that this server is part of. */
  readonly attached: Pick<AttachedFunctions, 'handlerOf'>;
  /** Which functions are run: the server may have been started otherwise when they were made. */
  readonly kinds: FunctionKinds;
  readonly metrics: Pick<MappingMetrics, 'invoked'>;
  /** The most calls at once over all functions, and so the most processes. */
  readonly instancesMax: number;
};

/** What a function's process is given so that its calls of AWS come back to this server as its role. */
export interface FunctionCredentials {
  /**
   * Environment variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL, and
   * what trusting this server takes. Those that the function itself names win.
   */
  issue(function_: CredentialsFor): IssuedCredentials;
}

export type CredentialsFor = {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly role: string;
};

export type IssuedCredentials = {
  readonly environment: Readonly<Record<string, string>>;
  /** When they no longer count: before, another process takes over. Undefined when they do not end. */
  readonly expiresAt: Millis | undefined;
  /**
   * The certificate, PEM, that this server's URL is trusted by. It is to be in a file that the function can
   * read, and NODE_EXTRA_CA_CERTS and AWS_CA_BUNDLE are to name that. Undefined where nothing is needed.
   */
  readonly authority: string | undefined;
};

/** The longest time limit of a function (Lambda quotas, "Function timeout"), and a minute. */
export const clientPatienceMs: Millis = (15 * 60 + 60) * 1000;
