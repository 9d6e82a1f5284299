import type { DraftFileView, UploadView } from '../bridge/types';
import { format, say } from '../words';

/** From this on a picture costs a thin line more than the trouble of making it small. */
const largePicture = 250_000;

/** Half a minute of waiting is worth a word. */
const longUpload = 30_000;

/** Tells whether a picture can be made noticeably smaller. */
export function worthShrinking(file: DraftFileView): boolean {
  return file.picture && file.was === 0 && file.size >= largePicture && file.have >= file.size;
}

/** What sending would take, in words; "" where it isn't worth any. */
export function uploadWords(load: UploadView): string {
  const Size = format.bytes(load.bytes);
  const Limit = format.bytes(load.limit);
  if (load.tooLarge)
    return say(load.sure ? 'upload.overLimit' : 'upload.overUsual', { Size, Limit });
  if (load.need < longUpload) return '';
  const Need = format.exactDuration(load.need);
  if (load.life === 0) return say('upload.takes', { Size, Need });
  const Life = format.exactDuration(load.life);
  return say(load.doubtful ? 'upload.doubtful' : 'upload.lives', { Size, Need, Life });
}
