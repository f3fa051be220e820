import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { CallError } from '../../../api/call.ts';
import { mayChange } from '../../../api/config.ts';
import { detached } from '../../../api/detached.ts';
import { region } from '../../../api/session.ts';
import { codeOf } from '../../../code/languages.ts';
import type { Step } from '../../../code/request.ts';
import { Button } from '../../../parts/button.tsx';
import { CodeBlock } from '../../../parts/code-block.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { errorText } from '../../../parts/error-text.ts';
import { TextField } from '../../../parts/field.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { toast } from '../../../parts/toasts.tsx';
import { texts } from '../../../text/text.ts';
import { type Progress, runSteps } from './run-steps.ts';
import { consoleWorld } from './step-world.ts';

const t = texts({
  en: {
    will: 'What this does',
    code: 'The same from a terminal or a program',
    cancel: 'Cancel',
    close: 'Close',
    readOnly: 'This console is read-only: it changes nothing. The code can be copied all the same.',
    type: (name: string) => `To confirm, type ${name}`,
    calling: (operation: string, step: number, of: number) =>
      of === 1 ? `Calling ${operation} …` : `Calling ${operation}, step ${step} of ${of} …`,
    waiting: (status: string) => `The stream is ${status}. It goes on if this window is closed.`,
    done: (title: string) => `Done: ${title}`,
  },
  es: {
    will: 'Qué hace',
    code: 'Lo mismo desde una terminal o un programa',
    cancel: 'Cancelar',
    close: 'Cerrar',
    readOnly: 'Esta consola es de solo lectura: no cambia nada. El código se puede copiar de todos modos.',
    type: (name: string) => `Para confirmar, escriba ${name}`,
    calling: (operation: string, step: number, of: number) =>
      of === 1 ? `Llamando a ${operation} …` : `Llamando a ${operation}, paso ${step} de ${of} …`,
    waiting: (status: string) => `El stream está ${status}. Sigue aunque se cierre esta ventana.`,
    done: (title: string) => `Hecho: ${title}`,
  },
});

/**
 * A change of a stream: its fields, what it will do in plain words, code for the same, the server's own words
 * when it is refused, and how far it is until the stream is ACTIVE again.
 */
export function ActionDialog(props: ActionDialogProps) {
  const { title, verb, steps, will, trouble, word, kind = 'main', children, onClose } = props;
  const typed = useSignal('');
  const { progress, error, run } = useRun(props);
  const isBusy = progress !== undefined;
  const isReady = trouble === undefined && steps.length > 0 && (word === undefined || typed.value === word);
  const actions = (
    <>
      <Button onPress={onClose}>{isBusy ? t.close : t.cancel}</Button>
      <Button kind={kind} submits={true} disabled={!isReady || !mayChange()} busy={isBusy}>
        {verb}
      </Button>
    </>
  );
  const submit = () => isReady && mayChange() && !isBusy && run();
  return (
    <Dialog title={title} onClose={onClose} onSubmit={submit} actions={actions} wide={true}>
      {!mayChange() && <Notice kind="warning">{t.readOnly}</Notice>}
      {children}
      {trouble !== undefined && trouble !== '' && <p class="field-trouble">{trouble}</p>}
      {will.length > 0 && <Will sentences={will} />}
      {steps.length > 0 && trouble === undefined && <Code steps={steps} />}
      {word !== undefined && <TextField label={t.type(word)} value={typed} isMono={true} />}
      {progress !== undefined && <Notice>{progressText(progress)}</Notice>}
      {error !== undefined && <Notice kind="bad">{errorText(error)}</Notice>}
    </Dialog>
  );
}

export type ActionDialogProps = {
  readonly title: string;
  /** What the button says. */
  readonly verb: string;
  /** The name of the stream that changes. */
  readonly stream: string;
  /** None where nothing would change. */
  readonly steps: readonly Step[];
  /** What it will do, in sentences. */
  readonly will: readonly string[];
  /** Why it cannot be done as it stands; empty where a field says so itself. */
  readonly trouble?: string | undefined;
  /** What has to be typed, for what cannot be undone. */
  readonly word?: string;
  readonly kind?: 'main' | 'danger';
  readonly children?: ComponentChildren;
  readonly onClose: () => void;
  /** When all is done, and the dialog still there. */
  readonly onDone?: () => void;
};

function Will({ sentences }: { readonly sentences: readonly string[] }) {
  return (
    <section class="action-will">
      <h3>{t.will}</h3>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

function Code({ steps }: { readonly steps: readonly Step[] }) {
  return (
    <details class="action-code">
      <summary>{t.code}</summary>
      <CodeBlock samples={codeOf(steps, { url: location.origin, region: region.value })} />
    </details>
  );
}

/** Runs the steps; whoever closes the dialog meanwhile hears of the end at the edge of the window. */
function useRun({ title, stream, steps, onClose, onDone }: ActionDialogProps) {
  const progress = useSignal<Progress | undefined>(undefined);
  const error = useSignal<CallError | undefined>(undefined);
  const closed = useRef(new AbortController());
  useEffect(() => () => closed.current.abort(), []);
  const begin = async () => {
    const { signal } = closed.current;
    const tell = (now: Progress) => {
      progress.value = now;
    };
    error.value = undefined;
    try {
      await runSteps(steps, stream, { world: consoleWorld, tell, signal });
      toast('good', t.done(title));
      if (signal.aborted) return;
      onDone?.();
      onClose();
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown;
      error.value = thrown;
      if (signal.aborted) toast('bad', errorText(thrown));
    } finally {
      progress.value = undefined;
    }
  };
  return { progress: progress.value, error: error.value, run: () => detached(begin()) };
}

function progressText(progress: Progress): string {
  if (progress.kind === 'waiting') return t.waiting(progress.status);
  return t.calling(progress.operation, progress.step, progress.of);
}
