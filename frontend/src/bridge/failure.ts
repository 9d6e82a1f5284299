import type { Failure } from './types';

/** An error of a call, with the kind that the catalogues have a sentence for. */
export class CallError extends Error implements Failure {
  constructor(
    readonly kind: string,
    readonly op: string,
  ) {
    super(`${op}: ${kind}`);
  }
}

/** Turns whatever a call threw into a Failure. */
export function toFailure(error: unknown, op = ''): Failure {
  if (isFailure(error)) return { kind: error.kind, op: error.op || op };
  return { kind: 'internal', op };
}

function isFailure(error: unknown): error is Failure {
  if (typeof error !== 'object' || error === null) return false;
  const { kind, op } = error as Partial<Failure>;
  return typeof kind === 'string' && kind !== '' && typeof op === 'string';
}

/**
 * Settles a call that may never settle by itself: WebView2 loses promises under
 * load (wails #4418). Go gives up after 15 s, so this is longer.
 */
export function settle<T>(call: Promise<T>, op: string, limitMs = 20_000): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new CallError('no_answer', op)), limitMs);
    call
      .then(resolve, (error: unknown) => {
        const { kind, op: where } = toFailure(error, op);
        reject(new CallError(kind, where));
      })
      .finally(() => clearTimeout(timer));
  });
}
