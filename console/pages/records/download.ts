/** A file that is put together piece by piece, and then offered for download. */
export class Download {
  readonly #parts: Blob[] = [];
  bytes = 0;

  /** The browser keeps large parts on its disk, so a file may be larger than memory. */
  write(piece: string): void {
    const part = new Blob([piece]);
    this.#parts.push(part);
    this.bytes += part.size;
  }

  /** Hands it to the browser's downloads. */
  save(name: string, type: string): void {
    const address = URL.createObjectURL(new Blob(this.#parts, { type }));
    const link = document.createElement('a');
    link.href = address;
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    // The download has its own hold of the file once it has begun.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  }
}

/** A name for a file of a stream and a moment, without what a file's name may not have. */
export function fileName(stream: string, at: Date, extension: string): string {
  const time = at.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  return `${stream.replace(/[^\w.-]/g, '_')}-${time}.${extension}`;
}
