import type { SigningCredentials } from '../../access/sigv4/sign.ts';
import { StartError } from '../../env/start-error.ts';
import type { ChainWorld } from './credentials-chain.ts';

/**
 * What a program answers that a profile names (AWS SDKs and Tools reference guide, "Process credential
 * provider"). Rejects with `StartError` when it answers none.
 */
export async function processCredentials(command: string, world: ChainWorld): Promise<SigningCredentials> {
  await using processes = await world.processes();
  let output = '';
  const running = processes.start({
    ...{ command: '/bin/sh', args: ['-c', command], folder: '.' },
    environment: namedVariables(world.surroundings.variables),
    output: (piece) => (output += String(piece)),
  });
  await running.ended;
  const answered = parsed(output);
  const { AccessKeyId, SecretAccessKey, SessionToken } = answered ?? {};
  if (!AccessKeyId || !SecretAccessKey) {
    throw new StartError(`credential_process answers no credentials: ${command}`);
  }
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

type Answered = {
  readonly AccessKeyId?: string;
  readonly SecretAccessKey?: string;
  readonly SessionToken?: string;
};

/** What it says on stderr comes with it. */
function parsed(output: string): Answered | undefined {
  try {
    return JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));
  } catch {
    return undefined;
  }
}

function namedVariables(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      /^\w+$/.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}
