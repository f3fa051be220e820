import { StartError } from '../../env/start-error.ts';
import { readUserFile } from '../../env/user-file.ts';
import type { AwsCalls } from '../../server/lambda/aws-calls.ts';
import type { FunctionAction } from './function-request.ts';

type Invoking = Extract<FunctionAction, { kind: 'invoke' }>;

/**
 * Calls a function and prints what it answers, after the end of what it wrote. Answers whether it succeeded.
 */
export async function invokeFunction(
  { name, payload, showsLog, isEvent }: Invoking,
  calls: AwsCalls,
  say: (text: string) => void,
): Promise<boolean> {
  const [target, qualifier] = name.split(':');
  const query = qualifier === undefined ? '' : `?Qualifier=${encodeURIComponent(qualifier)}`;
  const answer = await calls.send('lambda', {
    method: 'POST',
    target: `/2015-03-31/functions/${encodeURIComponent(target!)}/invocations${query}`,
    headers: {
      'content-type': 'application/json',
      'x-amz-invocation-type': isEvent ? 'Event' : 'RequestResponse',
      'x-amz-log-type': showsLog ? 'Tail' : 'None',
    },
    body: await payloadOf(payload),
  });
  const log = answer.headers['x-amz-log-result'];
  if (log !== undefined) say(`${String(Buffer.from(log, 'base64')).trimEnd()}\n`);
  if (answer.body.length > 0) say(`${String(answer.body).trimEnd()}\n`);
  return answer.headers['x-amz-function-error'] === undefined;
}

async function payloadOf(text: string): Promise<string> {
  const payload = text.startsWith('@') ? await contentsOf(text.slice(1)) : text;
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new StartError(`the payload is not JSON: ${(error as Error).message}`, { cause: error });
  }
  return payload;
}

async function contentsOf(path: string): Promise<string> {
  try {
    return String(await readUserFile(path));
  } catch (error) {
    throw new StartError(`cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
}
