import type { Clock } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import { ViewError } from '../view-error.ts';
import { QueryView } from './query-view.ts';
import { TailView } from './tail-view.ts';
import type { ViewerAnswer, ViewerAsk, ViewerPorts, ViewSpec } from './viewer-messages.ts';

/** Does what it is asked, one thing after the other, until the port is closed. */
export function serveViewer({ asks }: ViewerPorts, clock: Clock): Promise<void> {
  const views = new Map<number, TailView | QueryView>();
  let last = Promise.resolve();
  return new Promise((resolve) => {
    const take = (ask: ViewerAsk) => {
      last = last.then(async () => {
        const answer = await carryOut(views, ask, clock);
        if (answer === undefined) return;
        asks.post(answer, memoryOf(answer));
      });
      detached(last, unthinkable);
    };
    asks.listen(take, resolve);
  });
}

async function carryOut(
  views: Map<number, TailView | QueryView>,
  ask: ViewerAsk,
  clock: Clock,
): Promise<ViewerAnswer | undefined> {
  try {
    switch (ask.kind) {
      case 'open': {
        const view = openView(ask.spec, clock);
        views.set(ask.view, view);
        return { kind: 'opened', columns: view.columns };
      }
      case 'go': {
        const view = views.get(ask.view);
        if (view === undefined) return { kind: 'failed', message: 'the view is not open' };
        return { kind: 'said', said: await view.go(ask.go) };
      }
      case 'close':
        views.get(ask.view)?.close();
        views.delete(ask.view);
        return undefined;
    }
  } catch (error) {
    if (error instanceof ViewError) {
      return { kind: 'refused', message: error.message, position: error.position };
    }
    return {
      kind: 'failed',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

function openView(spec: ViewSpec, clock: Clock): TailView | QueryView {
  return spec.kind === 'tail' ? new TailView(spec) : new QueryView(spec, clock);
}

/** Events are in memory of their own, which the one who asked has from now on. */
function memoryOf(answer: ViewerAnswer): ArrayBuffer[] {
  if (answer.kind !== 'said') return [];
  const { events } = answer.said;
  const { buffer } = events;
  return buffer instanceof ArrayBuffer && buffer.byteLength === events.length && events.length > 0
    ? [buffer]
    : [];
}
