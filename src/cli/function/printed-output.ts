import type { AwsCalls } from '../../server/lambda/aws-calls.ts';

type OutputWorld = {
  readonly calls: AwsCalls;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  /** Whether it goes on with what the function writes, until the signal is aborted. */
  readonly follows: boolean;
};

/** Prints what a function wrote lately. Rejects as calls do. */
export async function printOutput(name: string, world: OutputWorld): Promise<void> {
  const { calls, say, signal, follows } = world;
  let from = 0;
  do {
    const asking = follows ? `&WaitSeconds=${waitSeconds}` : '';
    const path = `/millrace/2026-11-01/functions/${encodeURIComponent(name)}/output?From=${from}${asking}`;
    const answer = await untilAborted(calls.lambda<Output>('GET', path, undefined, signal), signal);
    if (answer === undefined) return;
    if (answer.Text !== '') say(answer.Text);
    // A server that was started again begins anew.
    from = answer.Next;
  } while (follows && !signal.aborted);
}

type Output = { readonly Text: string; readonly Next: number };

const waitSeconds = 20;

/** Undefined when nobody waits for the answer any more. */
async function untilAborted<Answer>(work: Promise<Answer>, signal: AbortSignal): Promise<Answer | undefined> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
