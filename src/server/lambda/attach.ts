import type { Millis } from '../../env/clock.ts';
import type { Env } from '../../env/env.ts';
import { uuid } from '../../env/random.ts';
import type { AttachedFunctions } from '../../services/lambda/functions/attached-functions.ts';
import type { AttachedHandler } from '../../services/lambda/functions/function-runner.ts';
import type { LateLambda } from '../../services/lambda/late-lambda.ts';
import { functionArn } from '../../services/lambda/parts/function-arn.ts';
import { type FunctionRecord, functionKeyOf } from '../../services/lambda/state/lambda-state.ts';
import type { ServerOptions } from '../options.ts';

/** What a function that is a handler of this program has besides its name. */
export type AttachedSettings = {
  /** From 1 to 900; 60 unless it says. */
  readonly timeoutSeconds?: number;
  /** The ARN of its execution role, which reads streams for it where signatures are verified. */
  readonly role?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

type AttachWorld = Pick<Env, 'clock' | 'random'> & {
  readonly lambda: Pick<LateLambda, 'open'>;
  readonly attached: AttachedFunctions;
  readonly settings: Pick<ServerOptions, 'account' | 'region'>;
};

/**
 * Makes a handler of this program the function of a name, in place of what that was before, and answers its
 * ARN once that is durable. Throws a `TypeError` for what is no name or no time limit.
 */
export async function attach(
  { lambda, attached, settings, clock, random }: AttachWorld,
  name: string,
  handler: AttachedHandler,
  about: AttachedSettings = {},
): Promise<string> {
  requireFit(name, about);
  const { account, region = 'us-east-1' } = settings;
  const { journal } = await lambda.open();
  const key = functionKeyOf({ account, region, name });
  attached.attach(key, handler);
  await journal.commit((state) => {
    const before = state.get('function', key);
    const made = before ?? { id: uuid(random), tags: {}, nextVersion: 1, policies: {} };
    const settings = settingsOf(about, account, clock.now(), uuid(random));
    return [{ kind: 'said', of: 'function', key, value: { account, region, name, ...made, ...settings } }];
  });
  return functionArn({ account, region, name });
}

function requireFit(name: string, { timeoutSeconds = 60 }: AttachedSettings): void {
  if (!/^[a-zA-Z0-9-_]{1,64}$/.test(name)) throw new TypeError(`'${name}' is no name of a function`);
  if (Number.isInteger(timeoutSeconds) && timeoutSeconds >= 1 && timeoutSeconds <= 900) return;
  throw new TypeError(`timeoutSeconds must be a whole number from 1 to 900, not ${timeoutSeconds}`);
}

function settingsOf(
  about: AttachedSettings,
  account: string,
  modifiedAt: Millis,
  revision: string,
): Omit<FunctionRecord, 'account' | 'region' | 'name' | 'id' | 'tags' | 'nextVersion' | 'policies'> {
  const { timeoutSeconds = 60, role = `arn:aws:iam::${account}:role/attached`, environment = {} } = about;
  return {
    ...{ description: '', role, timeoutSeconds, environment, modifiedAt, revision },
    ...{ memoryMiB: 128, storageMiB: 512, architecture: 'x86_64', tracing: 'PassThrough' },
    code: { kind: 'attached' },
    echoed: {},
  };
}
