import { bytesAt, type File } from '../../../env/disk.ts';
import { decodeTrailer, trailerBytes } from '../format/footer.ts';
import {
  decodeFrame,
  type Frame,
  type FrameSource,
  frameHeaderBytes,
  frameKinds,
  isPayload,
} from '../format/frame.ts';

/** The footer's frame of a finished segment. Undefined when there is none that is whole. */
export async function readFooter(
  file: File,
  source: FrameSource,
): Promise<{ position: number; frame: Frame; payload: Buffer } | undefined> {
  const size = await file.size();
  if (size < frameHeaderBytes + trailerBytes) return undefined;
  const position = decodeTrailer(await bytesAt(file, size - trailerBytes, trailerBytes));
  if (position === undefined || position > size - trailerBytes - frameHeaderBytes) return undefined;
  const bytes = await bytesAt(file, position, size - trailerBytes - position);
  const frame = decodeFrame(bytes, 0, source);
  const payload = bytes.subarray(frameHeaderBytes);
  if (frame?.kind !== frameKinds.footer || frame.watermark !== position) return undefined;
  return isPayload(payload, frame.payloadBytes, frame.payloadCrc) ? { position, frame, payload } : undefined;
}
