import type { ProcessEnd } from '../../../env/processes.ts';

/** A function's error as AWS answers it. */
export function errorPayload(errorType: string, errorMessage: string): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}

/** As AWS says how a runtime ended, in the words of Go's os/exec. */
export function exitText({ code, signal, error }: ProcessEnd): string {
  if (error !== undefined) return `Couldn't execute the runtime: ${error.message}`;
  if (signal !== undefined) return `Runtime exited with error: signal: ${signalNames[signal] ?? signal}`;
  return code === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: exit status ${code}`;
}

const signalNames: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

export function timeoutText(seconds: number): string {
  return `Task timed out after ${seconds.toFixed(2)} seconds`;
}

export function timeoutPayload(requestId: string, seconds: number): Buffer {
  return errorPayload('Sandbox.Timedout', `RequestId: ${requestId} Error: ${timeoutText(seconds)}`);
}

/** What a handler threw, as AWS's runtime for Node describes it. */
export function describedError(thrown: unknown): Buffer {
  const said =
    thrown instanceof Error
      ? { errorType: thrown.name, errorMessage: thrown.message, trace: String(thrown.stack).split('\n') }
      : { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return Buffer.from(JSON.stringify(said));
}
