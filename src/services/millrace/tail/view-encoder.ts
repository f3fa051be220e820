import type { View, Viewer } from '../../../views/viewer/viewer.ts';
import { ViewLostError } from '../../../views/viewer/viewer.ts';
import type { ViewSpec } from '../../../views/viewer/viewer-messages.ts';
import { limitExceeded } from '../errors.ts';
import type { TailEncoder } from './tail-encoder.ts';
import { viewFailure } from './view-failure.ts';

/** Has records filtered and decoded in the thread of views. Rejects with the error to answer. */
export async function viewEncoder(viewer: Viewer, spec: ViewSpec): Promise<TailEncoder> {
  let view: View | undefined = await openView(viewer, spec);
  return {
    mayLose: true,
    async encode(slices, matchedMax) {
      view ??= await openView(viewer, spec);
      try {
        return await view.go({ slices, matchedMax });
      } catch (error) {
        if (error instanceof ViewLostError) view = undefined;
        throw viewFailure(error);
      }
    },
    close: () => view?.close(),
  };
}

/** Rejects with the error to answer. */
export async function openView(viewer: Viewer, spec: ViewSpec): Promise<View> {
  try {
    return await viewer.open(spec);
  } catch (error) {
    if (error instanceof ViewLostError) throw limitExceeded('Other views take too much here. Ask again.');
    throw viewFailure(error);
  }
}
