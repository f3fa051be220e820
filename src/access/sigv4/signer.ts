import { type Credential, parseCredential } from './scope.ts';

/** The part of a claim that a client repeats with every request. Nothing of it is verified yet. */
export class Signer {
  readonly algorithm: string;
  readonly signedHeaders: readonly string[];
  /** The same as one text. */
  readonly signedNames: string;
  readonly #credential: string;
  #parsed: Credential | undefined;

  constructor(algorithm: string, credential: string, signedNames: string) {
    this.algorithm = algorithm;
    this.signedNames = signedNames;
    this.signedHeaders = signedNames.split(';');
    this.#credential = credential;
  }

  /** Throws AWS's error for a credential that has not five parts. */
  credential(): Credential {
    this.#parsed ??= parseCredential(this.#credential);
    return this.#parsed;
  }
}

/** An Authorization header, taken apart. */
export type Authorization = { readonly signer: Signer; readonly signature: string };

/**
 * Signers that were read before, by the text of their Authorization header up to the signature. What is kept
 * follows from that text alone. It is kept only after a signature was right, so strangers cannot push others
 * out.
 */
export class KnownSigners {
  readonly #kept = new Map<string, Signer>();

  find(authorization: string): Authorization | undefined {
    const end = authorization.length - signatureDigits;
    const signer = this.#kept.get(authorization.slice(0, end));
    if (signer === undefined) return undefined;
    const signature = authorization.slice(end);
    return signatureForm.test(signature) ? { signer, signature } : undefined;
  }

  /** The signer kept first goes when there are too many. */
  keep(authorization: string, signer: Signer): void {
    if (!isRegular.test(authorization)) return;
    if (this.#kept.size >= keptMax) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(authorization.slice(0, -signatureDigits), signer);
  }
}

/** Of SHA-256, in hex. */
export const signatureForm = /^[0-9a-f]{64}$/;
const signatureDigits = 64;

/** One signature, at the end: the text before it means the same with any other signature. And it is short. */
const isRegular = /^(?!.*Signature=.*Signature=).{1,1000}[ ,]Signature=[0-9a-f]{64}$/;

const keptMax = 1_000;
