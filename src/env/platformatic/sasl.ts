import type { SASLOptions } from '@platformatic/kafka';
import type { KafkaSasl } from '../kafka.ts';

/** A password or a token could not be had: nothing that a broker said. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

/** A broker says that it takes no such token. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
}

/** How the library proves who this client is. */
export function saslOptions(sasl: KafkaSasl): SASLOptions {
  const { mechanism } = sasl;
  if (mechanism === 'OAUTHBEARER') {
    return { mechanism, token: asked('token', sasl.token), authBytesValidator: requireNoObjection };
  }
  return { mechanism, username: sasl.user, password: asked('password', sasl.password) };
}

function asked(what: string, source: () => Promise<string>): () => Promise<string> {
  return async () => {
    try {
      return await source();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new SecretError(`the ${what} cannot be had: ${why}`, { cause });
    }
  };
}

/** A refused token is answered with an explanation, and without an error (RFC 7628, section 3.2.2). */
function requireNoObjection(said: Buffer, callback: (error: Error | null, said: Buffer) => void): void {
  if (said.length === 0) callback(null, said);
  else callback(new TokenRefusedError(`the token is refused: ${said.toString().slice(0, 200)}`), said);
}
