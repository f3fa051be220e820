/** Files of a data directory as they were at one moment, and the objects that hold them. */
export type Generation = {
  readonly format: 1;
  readonly generation: number;
  /** When it was, by the server's clock. */
  readonly at: number;
  readonly files: readonly GenerationFile[];
};

/** The first `bytes` of the file at `path`, below the data directory; `crc` is their CRC-32. */
export type GenerationFile = {
  readonly path: string;
  readonly object: string;
  readonly bytes: number;
  readonly crc: number;
};

export function encodeGeneration(generation: Generation): Buffer {
  return Buffer.from(JSON.stringify(generation));
}

/** Undefined when it is none, or one of a newer format. */
export function decodeGeneration(bytes: Buffer): Generation | undefined {
  try {
    const generation = JSON.parse(String(bytes)) as Partial<Generation> | null;
    if (generation?.format !== 1 || !Array.isArray(generation.files)) return undefined;
    return generation.files.every(isFile) ? (generation as Generation) : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** A path leads nowhere but to a segment of a log of the control plane or of services. */
function isFile({ path, object, bytes, crc }: GenerationFile): boolean {
  return (
    /^(catalog|services)\/[A-Za-z0-9][A-Za-z0-9._-]*\/\d{12}\.log$/.test(path) &&
    typeof object === 'string' &&
    Number.isSafeInteger(bytes) &&
    Number.isSafeInteger(crc)
  );
}
