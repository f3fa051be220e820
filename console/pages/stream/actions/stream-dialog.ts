import type { StreamNamed } from '../stream-requests.ts';

/** What dialogs about a whole stream take. */
export type StreamDialogProps = {
  readonly stream: StreamNamed;
  readonly onClose: () => void;
  /** After the change, when the stream is ACTIVE again. */
  readonly onDone: () => void;
};
