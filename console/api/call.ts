/** The services that the console calls. All are at the server that it was loaded from. */
export type ServiceName =
  | 'kinesis'
  | 'millrace'
  | 'iam'
  | 'sts'
  | 'kms'
  | 'dynamodb'
  | 'cloudwatch'
  | 'lambda'
  | 'firehose';

/** An answer that is an error: its code as AWS names it, and its text. */
export class CallError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * Calls an operation of a service that speaks JSON, signed by who is signed in. Rejects with `CallError`,
 * with the code `ReadOnly` where the console is read-only and the operation would change something, with
 * `Unreachable` where there is no answer. A call that needs signing in has the sign-in page shown.
 */
export type CallJson = <Answer>(
  service: ServiceName,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  options?: { readonly signal?: AbortSignal },
) => Promise<Answer>;

/** The same for IAM and STS, whose answers are XML: its elements as texts, lists (`member`) as arrays. */
export type CallQuery = <Answer>(
  service: 'iam' | 'sts',
  operation: string,
  input: Readonly<Record<string, string>>,
  options?: { readonly signal?: AbortSignal },
) => Promise<Answer>;

/** The same for Lambda, which is called by method and path. */
export type CallRest = <Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  input?: unknown,
  options?: { readonly signal?: AbortSignal },
) => Promise<Answer>;
