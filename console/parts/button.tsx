import type { ComponentChildren } from 'preact';

/** A button. `busy` while what it began is under way: it can not be pressed then. */
export function Button({ children, onPress, kind = 'plain', ...rest }: ButtonProps) {
  const { disabled = false, busy = false, label, why, submits = false, keys } = rest;
  return (
    <button
      type={submits ? 'submit' : 'button'}
      class={`button ${kind}`}
      disabled={disabled || busy}
      aria-busy={busy}
      aria-label={label}
      aria-keyshortcuts={keys}
      title={why ?? label}
      onClick={onPress}
    >
      {children}
    </button>
  );
}

export type ButtonProps = {
  readonly children?: ComponentChildren;
  readonly onPress?: () => void;
  /** `main` for what one mostly wants here, at most one a view; `danger` for what can not be undone. */
  readonly kind?: 'plain' | 'main' | 'danger' | 'quiet';
  readonly disabled?: boolean;
  readonly busy?: boolean;
  /** What it is called where it shows no words. */
  readonly label?: string;
  /** Why it is disabled, or what it will do. */
  readonly why?: string;
  readonly submits?: boolean;
  readonly keys?: string;
};
