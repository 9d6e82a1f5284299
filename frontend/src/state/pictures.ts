import { toFailure, type Bridge } from '../bridge';
import type { DraftFileView } from '../bridge/types';
import type { Desk } from './desk.svelte';

/** What goes through the bridge at once; larger ones are attached as files. */
const mostBytes = 20_000_000;

const kinds = /^image\/(png|jpeg|webp)$/;

/** How a draft's picture looks, as a data: URL; "" when that can't be had. */
export async function pictureOf(bridge: Bridge, draft: string, file: string): Promise<string> {
  try {
    return await bridge.composer.picture(draft, file);
  } catch {
    return ''; // its name stands there instead
  }
}

/** Puts a picture from the clipboard into the draft on screen; null when there is none. */
export async function pastePicture(desk: Desk, data: DataTransfer): Promise<DraftFileView | null> {
  const picture = [...data.files].find((f) => kinds.test(f.type));
  const draft = desk.composer.draft;
  if (!picture || !draft) return null;
  if (picture.size > mostBytes) {
    desk.fail({ kind: 'too_large', op: 'paste picture' });
    return null;
  }
  try {
    const base64 = await encoded(picture);
    const known = new Set(draft.files.map((f) => f.id));
    await draft.changeFiles((id) => desk.bridge.composer.paste(id, picture.name, base64));
    return draft.files.find((f) => !known.has(f.id)) ?? null;
  } catch (error) {
    desk.fail(toFailure(error));
    return null;
  }
}

function encoded(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(file);
  });
}
