/** An answer that is an error: its code as AWS names it, and its text. */
export class CallError extends Error {
  readonly code: string;
  /** Of HTTP; 0 where there was no answer. */
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The error that an answer's body tells, in any of AWS's forms. */
export function errorOf(status: number, errorType: string | null, body: string): CallError {
  const told = toldInJson(body) ?? toldInXml(body);
  const code = (told?.code ?? errorType ?? '').replace(/^.*#/, '').replace(/:.*$/, '');
  return new CallError(code || `HTTP ${status}`, told?.message ?? '', status);
}

type Told = { readonly code: string | undefined; readonly message: string };

function toldInJson(body: string): Told | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    const read = JSON.parse(body) as Record<string, unknown>;
    const { __type: code, message, Message } = read;
    return {
      code: typeof code === 'string' ? code : undefined,
      message: String(message ?? Message ?? ''),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function toldInXml(body: string): Told | undefined {
  const code = /<Code>([^<]*)<\/Code>/.exec(body)?.[1];
  const message = /<Message>([^<]*)<\/Message>/.exec(body)?.[1];
  return code === undefined && message === undefined
    ? undefined
    : { code, message: unescaped(message ?? '') };
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
