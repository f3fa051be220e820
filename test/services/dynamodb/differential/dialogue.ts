/** A server that speaks DynamoDB: where it listens, and whose it is. */
export type Party = { readonly name: string; readonly port: number };

/** Anything that JSON can say, as a member of a request or of an answer. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };

/** What a server answered. An error goes by its name without what stands before the `#`. */
export type Said =
  | { readonly kind: 'output'; readonly output: JsonObject }
  | {
      readonly kind: 'error';
      readonly type: string;
      readonly message: string;
      /** What else the error says, the item of a condition that failed or the reasons of a transaction. */
      readonly details: JsonObject;
    };

/** Calls an operation over AWS JSON 1.0. The signature is one in form only: these servers are open. */
export async function ask(party: Party, operation: string, input: JsonObject): Promise<Said> {
  const response = await fetch(`http://127.0.0.1:${party.port}/`, {
    method: 'POST',
    headers: { ...headers, 'x-amz-target': `DynamoDB_20120810.${operation}` },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  const body = (text === '' ? {} : parsed(text)) as JsonObject;
  if (response.status === 200) return { kind: 'output', output: body };
  const { __type, message, Message, ...details } = body;
  const type = String(__type ?? response.status);
  return {
    kind: 'error',
    type: type.slice(type.lastIndexOf('#') + 1),
    message: String(message ?? Message ?? text.slice(0, 200)),
    details,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // A page that says that the server failed.
  }
}

const headers = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization: `AWS4-HMAC-SHA256 Credential=AKIDDIFFERENTIAL/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=${'0'.repeat(64)}`,
};
