import { type ApiRequest, isWaiting, type Step } from '../../../code/request.ts';

/** What running steps needs of the world. */
export type StepWorld = {
  call(request: ApiRequest): Promise<unknown>;
  /** The stream's status now; undefined where there is none of this name. */
  statusOf(stream: string): Promise<string | undefined>;
  pause(ms: number): Promise<void>;
};

/** How far it is: what is called now, or which status it waits to leave. */
export type Progress =
  | { readonly kind: 'calling'; readonly step: number; readonly of: number; readonly operation: string }
  | { readonly kind: 'waiting'; readonly status: string };

/**
 * Makes calls one after the other, and waits where they say, and after the last until the stream is ACTIVE,
 * or gone. Rejects with what a call was refused with; what was done before stays done. Who aborts has all
 * calls made and the end not waited for.
 */
export async function runSteps(
  steps: readonly Step[],
  stream: string,
  { world, tell, signal }: Run,
): Promise<void> {
  const calls = steps.filter((step) => !isWaiting(step)).length;
  let called = 0;
  for (const step of steps) {
    if (isWaiting(step)) await untilSettled(step.untilActive, { world, tell });
    else {
      called += 1;
      tell({ kind: 'calling', step: called, of: calls, operation: step.operation });
      await world.call(step);
    }
  }
  await untilSettled(stream, { world, tell, signal });
}

export type Run = {
  readonly world: StepWorld;
  readonly tell: (progress: Progress) => void;
  readonly signal: AbortSignal;
};

type Settling = Omit<Run, 'signal'> & { readonly signal?: AbortSignal };

/** DescribeStreamSummary may be called 20 times a second; a change takes half a second or more. */
const pauseMs = 400;

async function untilSettled(stream: string, { world, tell, signal }: Settling): Promise<void> {
  while (signal?.aborted !== true) {
    const status = await world.statusOf(stream);
    if (status === undefined || status === 'ACTIVE') return;
    tell({ kind: 'waiting', status });
    await world.pause(pauseMs);
  }
}
