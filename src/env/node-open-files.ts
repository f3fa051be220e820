import { readFileSync } from 'node:fs';

/**
 * How many files this process may have open (getrlimit(2), RLIMIT_NOFILE); undefined where the system does
 * not say.
 */
export function openFilesLimit(): number | undefined {
  const limit = process.platform === 'linux' ? limitOfProc() : limitOfReport();
  return Number.isSafeInteger(limit) ? limit : undefined;
}

function limitOfProc(): number {
  try {
    return Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]);
  } catch {
    return Number.NaN; // There need not be a /proc.
  }
}

/** Takes milliseconds, because the report has much else in it. */
function limitOfReport(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  return Number(userLimits?.open_files?.soft);
}
