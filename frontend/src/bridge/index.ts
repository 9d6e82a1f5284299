import type { Bridge } from './bridge';
import { hasWails, wails } from './wails';

export type { Bridge } from './bridge';
export { CallError, toFailure } from './failure';

/**
 * The bridge of this page: Go's where Wails runs it; a fake one, in a plain
 * browser, when the address asks for it with "?fake".
 */
export async function connect(query: URLSearchParams): Promise<Bridge> {
  if (!hasWails() && query.has('fake')) {
    const { fakeBridge } = await import('./fake/fake');
    return fakeBridge(query.get('fake') ?? '');
  }
  return wails;
}
