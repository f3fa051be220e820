/** Records of TLS (RFC 8446 §5.1), right in form and wrong in all else. */
export function record(type: number, content: Uint8Array, version = 0x0303): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(type, 0);
  head.writeUInt16BE(version, 1);
  head.writeUInt16BE(content.length, 3);
  return Buffer.concat([head, content]);
}

export const recordTypes = { changeCipher: 20, alert: 21, handshake: 22, application: 23 } as const;

/** The start of a ClientHello: the server waits for the rest. */
export function helloBegun(random: Uint8Array): Buffer {
  // client_hello, 512 bytes, TLS 1.2 as its legacy version.
  const head = Buffer.from([1, 0, 0x02, 0x00, 3, 3]);
  return record(recordTypes.handshake, Buffer.concat([head, random]), 0x0301).subarray(
    0,
    5 + 6 + random.length,
  );
}
