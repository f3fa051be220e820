/** A wheel in a race. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <circle cx="10" cy="8" r="5" />
      <path d="M10 3v10M5 8h10M6.5 4.5l7 7M13.5 4.5l-7 7" />
      <path d="M1 16q3-2.5 6 0t6 0 6 0" />
    </svg>
  );
}
