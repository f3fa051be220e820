import { blob, required, structure } from '../../../wire/shape.ts';

/** 1,000 KiB before base64 (Firehose API reference, "Record"). */
export const recordBytesMax = 1_024_000;

export const record = structure('Record', { Data: required(blob({ min: 0, max: recordBytesMax })) });
