import type { Caller } from '../../access/caller.ts';
import { PolicyAuthorizer } from '../../access/policy/policy-authorizer.ts';
import { rootCaller } from '../../access/principals.ts';
import type { Env } from '../../env/env.ts';
import type { Peer } from '../../env/network.ts';
import { StartError } from '../../env/start-error.ts';
import { openControl } from '../../gateway/control.ts';
import { noAudit } from '../../rpc/audit.ts';
import { BodyThread } from '../../rpc/body-thread.ts';
import { browserRule } from '../../rpc/cors.ts';
import { createDispatch } from '../../rpc/dispatch.ts';
import { clusterOf } from '../../server/cluster-directory.ts';
import { defaultOptions } from '../../server/options.ts';
import { openSecrets } from '../../server/secrets.ts';
import { controlSegmentBytes, openStorage } from '../../server/storage.ts';
import { bodyProgram } from '../../server/workers/body-thread.ts';
import { iam } from '../../services/iam/iam.ts';
import type { IamTransport } from './iam-client.ts';

/** A data directory that no server uses, and the account whose root user calls. */
export type Offline = {
  readonly data: string;
  readonly rootKey: string | undefined;
  readonly account: string;
};

/**
 * Answers with the operations of a server, on the journals of a data directory, which is this process's
 * until it is disposed of. Rejects with `StartError` when a server uses the directory, or its root key is not
 * there.
 */
export async function offlineTransport({ data, rootKey, account }: Offline, env: Env): Promise<IamTransport> {
  await using opened = new AsyncDisposableStack();
  const { segmentBytes } = defaultOptions;
  const cluster = await clusterOf(env.disk);
  if (cluster !== undefined) {
    throw new StartError(
      `${data} is of a server of the cluster ${cluster}, whose users are in Kafka: name its URL with --endpoint`,
    );
  }
  const storage = opened.use(await openStorage({ memory: false, data, segmentBytes }, env));
  const control = await openControl(storage.control, controlSegmentBytes(segmentBytes));
  const root = await openSecrets(control, { ...defaultOptions, rootKey, data }, env);
  const { clock, random, logger } = env;
  const { identity } = control;
  const bodies = opened.use(new BodyThread(bodyProgram, env.workers, clock));
  const caller: Caller = rootCaller(account, { accessKeyId: '', region: 'us-east-1', service: 'iam' });
  const handle = createDispatch([iam({ identity, rootKey: root.key, clock, random })], {
    ...{ clock, random, logger, bodies },
    authenticate: () => caller,
    authorizer: new PolicyAuthorizer({ identity, clock, enforced: true }),
    browsers: browserRule(undefined, false),
    pages: {},
    rates: undefined,
    audit: noAudit,
  });
  const all = opened.move();
  return {
    async send(form) {
      const { status, body } = await handle({ ...head, body: Buffer.from(form), peer });
      return { status, body: Buffer.isBuffer(body) ? body.toString() : String(body) };
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const head = {
  method: 'POST',
  target: '/',
  rawHeaders: ['host', 'localhost', 'content-type', 'application/x-www-form-urlencoded'],
};

/** The command itself. */
const peer: Peer = { address: '127.0.0.1', secure: true, listener: '' };
