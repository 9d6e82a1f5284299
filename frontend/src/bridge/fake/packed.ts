import type { FileView } from '../types';

/** What Outlook packs files into, still on the server. */
export const packed: Partial<FileView> = { type: 'application/ms-tnef', packed: true };

/** One that is here, with what lies in it. */
export const unpackedHere: Partial<FileView> = {
  ...packed,
  have: 42_000,
  inside: [
    {
      id: '1/0',
      name: 'Bon de livraison.pdf',
      type: 'application/pdf',
      size: 31_400,
      risky: false,
    },
    { id: '1/1', name: 'צילום מסך.png', type: 'image/png', size: 9_800, risky: false },
  ],
};
