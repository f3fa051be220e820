import type { ServiceName } from '../api/call.ts';

/** A call, as `call` takes it. */
export type CodeCall = {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
};

/** Code that does the same as a call at an endpoint, to copy: for AWS's command line, in JavaScript and in Python. */
export type CodeOf = (
  call: CodeCall,
  endpoint: string,
) => readonly { readonly title: string; readonly text: string }[];
