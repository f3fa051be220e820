/** What a session reads and writes. All of it answers at once. */
export type Device = {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
  write(offset: number, data: Buffer): void;
  flush(): void;
};

/**
 * The server's side of one NBD connection: the fixed newstyle handshake with one export, then simple replies.
 * github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md; all numbers are big-endian.
 */
export class NbdSession {
  readonly #device: Device;
  readonly #send: (reply: Buffer) => void;
  #received = Buffer.alloc(0);
  /**
   * Takes the next message off what was received. Undefined: it is not whole yet. False: the session is over.
   */
  #next: () => boolean | undefined = () => this.#clientFlags();

  constructor(device: Device, send: (reply: Buffer) => void) {
    this.#device = device;
    this.#send = send;
  }

  greet(): void {
    // Handshake flags: fixed newstyle, no zeroes.
    this.#send(Buffer.concat([Buffer.from('NBDMAGICIHAVEOPT', 'latin1'), u16(0b11)]));
  }

  /** Takes what came in. False when the session is over. */
  take(bytes: Buffer): boolean {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const goesOn = this.#next();
      if (goesOn !== true) return goesOn === undefined;
    }
  }

  #clientFlags(): boolean | undefined {
    if (this.#pull(4) === undefined) return undefined;
    this.#next = () => this.#option();
    return true;
  }

  /** IHAVEOPT, option u32, length u32, data. */
  #option(): boolean | undefined {
    if (this.#received.length < 16) return undefined;
    const message = this.#pull(16 + this.#received.readUInt32BE(12));
    if (message === undefined) return undefined;
    const option = message.readUInt32BE(8);
    if (option === options.abort) return false;
    if (option === options.go || option === options.info) {
      this.#reply(option, replies.info, Buffer.concat([u16(0), this.#export()]));
      this.#reply(option, replies.acknowledged);
    } else if (option === options.exportName) this.#send(this.#export());
    else this.#reply(option, replies.unsupported);
    if (option === options.go || option === options.exportName) this.#next = () => this.#request();
    return true;
  }

  /**
   * Size and transmission flags: has flags, takes FLUSH. FUA is left to the kernel, which makes it a flush.
   */
  #export(): Buffer {
    return Buffer.concat([u64(BigInt(this.#device.size)), u16(0b101)]);
  }

  #reply(option: number, type: number, data = Buffer.alloc(0)): void {
    this.#send(Buffer.concat([u64(0x3e889045565a9n), u32(option), u32(type), u32(data.length), data]));
  }

  /** Magic u32, flags u16, type u16, cookie u64, offset u64, length u32; then a write's data. */
  #request(): boolean | undefined {
    if (this.#received.length < requestBytes) return undefined;
    const type = this.#received.readUInt16BE(6);
    const offset = Number(this.#received.readBigUInt64BE(16));
    const length = this.#received.readUInt32BE(24);
    const message = this.#pull(requestBytes + (type === requests.write ? length : 0));
    if (message === undefined) return undefined;
    if (message.readUInt32BE(0) !== 0x25609513 || type === requests.disconnect) return false;
    const head = (error: number) => Buffer.concat([u32(0x67446698), u32(error), message.subarray(8, 16)]);
    if (type === requests.read) this.#send(Buffer.concat([head(0), this.#device.read(offset, length)]));
    else if (type === requests.write) {
      this.#device.write(offset, message.subarray(requestBytes));
      this.#send(head(0));
    } else if (type === requests.flush) {
      this.#device.flush();
      this.#send(head(0));
    } else this.#send(head(invalid));
    return true;
  }

  #pull(length: number): Buffer | undefined {
    if (this.#received.length < length) return undefined;
    const pulled = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return pulled;
  }
}

const requestBytes = 4 + 2 + 2 + 8 + 8 + 4;
const options = { exportName: 1, abort: 2, info: 6, go: 7 };
const replies = { acknowledged: 1, info: 3, unsupported: 0x80000001 };
const requests = { read: 0, write: 1, disconnect: 2, flush: 3 };
/** EINVAL. */
const invalid = 22;

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
}
