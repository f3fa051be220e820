import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { texts } from '../text/text.ts';
import { Button } from './button.tsx';

const t = texts({ en: { close: 'Close' }, es: { close: 'Cerrar' } });

/**
 * A dialog over the page, as long as it is drawn: `{isOpen.value && <Dialog …/>}`. Escape, the cross and
 * `onClose` close it; the browser gives the focus back to where it was. With `onSubmit` it is a form.
 */
export function Dialog({ title, onClose, onSubmit, children, actions, wide = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const submit = (event: Event) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <dialog ref={dialog} class={wide ? 'dialog wide' : 'dialog'} aria-labelledby={heading} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <header class="dialog-head">
          <h2 id={heading}>{title}</h2>
          <Button kind="quiet" label={t.close} onPress={() => dialog.current?.close()}>
            <span aria-hidden="true">✕</span>
          </Button>
        </header>
        <div class="dialog-body">{children}</div>
        {actions !== undefined && <footer class="dialog-actions">{actions}</footer>}
      </form>
    </dialog>
  );
}

export type DialogProps = {
  readonly title: string;
  /** It has been closed, or is to be: the owner draws it no more. */
  readonly onClose: () => void;
  /** Enter in a field, or a button with `submits`. */
  readonly onSubmit?: () => void;
  readonly children: ComponentChildren;
  /** Buttons, the main one last. */
  readonly actions?: ComponentChildren;
  readonly wide?: boolean;
};
